using System.Globalization;
using System.Text.Json;
using k8s;

namespace Ppma.EndToEnd.Lab;

/// <summary>kubectl, as people use it, against the lab's cluster and, where one is given, in one namespace.</summary>
public sealed class Kubectl(string? space = null)
{
    /// <summary>What it prints.</summary>
    public Task<string> RunAsync(params string[] arguments) => Shell.RunAsync("kubectl", Whole(arguments));

    /// <summary>The same, whatever its exit code.</summary>
    public Task<(int Code, string Output, string Errors)> TryAsync(params string[] arguments) => Shell.TryAsync("kubectl", Whole(arguments));

    /// <summary>The object, or null where there is none.</summary>
    public async Task<T?> GetAsync<T>(string kind, string name)
        where T : class
    {
        string json = await RunAsync("get", kind, name, "--ignore-not-found", "--output", "json");
        return json.Length == 0 ? null : KubernetesJson.Deserialize<T>(json);
    }

    /// <summary>All objects of a kind, perhaps of a label.</summary>
    public async Task<T> ListAsync<T>(string kind, string? selector = null) =>
        KubernetesJson.Deserialize<T>(await RunAsync(["get", kind, "--output", "json", .. selector is null ? (string[])[] : ["--selector", selector]]));

    /// <summary>Applies manifests. A server without checks of its own (1.20) takes them as they are: the client's check needs its schemas.</summary>
    public Task<string> ApplyAsync(string manifests) =>
        Shell.RunAsync("kubectl", Whole(["apply", "--validate=false", "--filename", "-"]), manifests);

    /// <summary>A merge patch of an object, or of its status.</summary>
    public Task<string> PatchAsync(string kind, string name, string patch, string? subresource = null) =>
        RunAsync(["patch", kind, name, "--type", "merge", "--patch", patch, .. subresource is null ? (string[])[] : ["--subresource", subresource]]);

    /// <summary>The server's: 20 of Kubernetes 1.20.</summary>
    public async Task<int> MinorVersionAsync() =>
        int.Parse(JsonDocument.Parse(await RunAsync("get", "--raw", "/version")).RootElement.GetProperty("minor").GetString()!.TrimEnd('+'), CultureInfo.InvariantCulture);

    private string[] Whole(string[] arguments) => space is null ? arguments : ["--namespace", space, .. arguments];
}
