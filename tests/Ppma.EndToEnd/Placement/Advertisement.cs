using System.Globalization;
using System.Text.Json;
using Ppma.EndToEnd.Lab;

namespace Ppma.EndToEnd.Placement;

/// <summary>Makes the node say that it has so many of an extended resource, and takes that back.</summary>
internal sealed class Advertisement : IAsyncDisposable
{
    private readonly Kubectl _kubectl;
    private readonly string _node;
    private readonly string _resource;

    private Advertisement(Kubectl kubectl, string node, string resource) => (_kubectl, _node, _resource) = (kubectl, node, resource);

    public static async Task<Advertisement> MakeAsync(Kubectl kubectl, string resource, int count)
    {
        string node = await kubectl.RunAsync("get", "nodes", "--output", "jsonpath={.items[0].metadata.name}");
        var made = new Advertisement(kubectl, node, resource);
        await made.SetAsync(count.ToString(CultureInfo.InvariantCulture));
        return made;
    }

    public async ValueTask DisposeAsync() => await SetAsync(null);

    private Task<string> SetAsync(string? count)
    {
        var resources = new Dictionary<string, string?> { [_resource] = count };
        return _kubectl.PatchAsync("node", _node, JsonSerializer.Serialize(new { status = new { capacity = resources, allocatable = resources } }), "status");
    }
}
