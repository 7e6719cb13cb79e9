using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Ppma.Testing.Kubernetes;

namespace Ppma.Cluster.Tests.Schemas;

/// <summary>One namespace's resources of the group, spoken to as kubectl does: YAML as people write it, and the server's words back.</summary>
internal sealed partial class ResourceEndpoint(KubernetesServer server, string space)
{
    private static readonly Dictionary<string, string> Plurals = new()
    {
        ["VideoDataset"] = "videodatasets", ["PretrainRun"] = "pretrainruns", ["EvalRun"] = "evalruns",
    };

    /// <summary>The documents of a file; each with its kind, which is null where it is none of ours.</summary>
    public static IEnumerable<(string? Plural, string Text)> Split(string file) => DocumentEnd().Split(file)
        .Select(text => (Kind().Match(text) is { Success: true } kind ? Plurals.GetValueOrDefault(kind.Groups[1].Value) : null, text));

    /// <returns>Null where the server takes it, else why not.</returns>
    public Task<string?> CreateAsync(string plural, string yaml, bool dryRun, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, $"{plural}?fieldValidation=Strict{(dryRun ? "&dryRun=All" : "")}", yaml, "application/yaml", cancellationToken);

    /// <summary>A JSON merge patch.</summary>
    public Task<string?> PatchAsync(string plural, string name, string json, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Patch, $"{plural}/{name}", json, "application/merge-patch+json", cancellationToken);

    /// <summary>The cells that <c>kubectl get -o wide</c> shows, by column.</summary>
    public async Task<IReadOnlyDictionary<string, string>> ShowAsync(string plural, string name, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Address($"{plural}/{name}"));
        request.Headers.Accept.ParseAdd("application/json;as=Table;v=v1;g=meta.k8s.io");
        using var answer = await server.Http.SendAsync(request, cancellationToken);
        using var table = JsonDocument.Parse(await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync(cancellationToken));
        var columns = table.RootElement.GetProperty("columnDefinitions").EnumerateArray().Select(column => column.GetProperty("name").GetString()!);
        var cells = table.RootElement.GetProperty("rows")[0].GetProperty("cells").EnumerateArray().Select(cell => cell.ToString());
        return columns.Zip(cells).ToDictionary(pair => pair.First, pair => pair.Second, StringComparer.Ordinal);
    }

    private string Address(string rest) => $"apis/ppma.cloud/v1alpha1/namespaces/{space}/{rest}";

    private async Task<string?> SendAsync(HttpMethod method, string rest, string text, string type, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, Address(rest))
        {
            Content = new StringContent(text, Encoding.UTF8, new MediaTypeHeaderValue(type)),
        };
        using var answer = await server.Http.SendAsync(request, cancellationToken);
        if (answer.IsSuccessStatusCode)
        {
            return null;
        }

        using var status = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(cancellationToken));
        return status.RootElement.GetProperty("message").GetString();
    }

    [GeneratedRegex(@"^---\s*$", RegexOptions.Multiline)]
    private static partial Regex DocumentEnd();

    [GeneratedRegex(@"^apiVersion: ppma\.cloud/v1alpha1\nkind: (\w+)\s*$", RegexOptions.Multiline)]
    private static partial Regex Kind();
}
