using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.RegularExpressions;
using Ppma.Testing;
using Ppma.Testing.Kubernetes;

namespace Ppma.EndToEnd.Lab;

/// <summary>
/// A Prometheus on this machine with the shipped scrape configuration, which finds its targets in the cluster, and the shipped rules: once as
/// they are, and once in a hurry, for tests that wait for an alert. Alerts of the second kind bear the label <see cref="Hurried"/>.
/// </summary>
public sealed partial class Prometheus : IAsyncDisposable
{
    /// <summary>The label, with the value <c>yes</c>.</summary>
    public const string Hurried = "hurried";

    /// <summary>How often targets are asked and rules evaluated here.</summary>
    public const int IntervalSeconds = 2;

    private const int HurriedSeconds = 4;

    private static readonly HttpClient Client = new();

    private readonly TempFolder _folder;
    private readonly PodTargets _targets;
    private readonly TetheredProcess _process;
    private readonly Uri _address;

    private Prometheus(TempFolder folder, PodTargets targets, TetheredProcess process, Uri address) =>
        (_folder, _targets, _process, _address) = (folder, targets, process, address);

    public static async Task<Prometheus> StartAsync(Results results)
    {
        var folder = new TempFolder("prometheus");
        string configuration = Path.Combine(folder.Path, "prometheus.yaml");
        Directory.CreateDirectory(Path.Combine(folder.Path, "rules"));
        await File.WriteAllTextAsync(configuration, Configuration());
        string[] selectors = [.. Discovery().Matches(await File.ReadAllTextAsync(Shipped("prometheus-scrape.yaml"))).Select(found => found.Groups["selector"].Value)];
        string rules = await File.ReadAllTextAsync(Shipped("rules", "ppma.yaml"));
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "rules", "ppma.yaml"), rules);
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "rules", "hurried.yaml"), InAHurry(rules));
        results.Note($"Prometheus scrapes and evaluates every {IntervalSeconds} s instead of 15 s; a second copy of every alert, labelled {Hurried}, waits {HurriedSeconds} s instead of its own \"for\". Pods are found for it by the laboratory, since Debian's is built without kubernetes_sd_configs.");

        int port = FreePort();
        TetheredProcess process = TetheredProcess.Start(
            "prometheus",
            [$"--config.file={configuration}", $"--storage.tsdb.path={Path.Combine(folder.Path, "data")}", $"--web.listen-address=127.0.0.1:{port}"],
            Path.Combine(Results.Folder, "prometheus.log"));
        var prometheus = new Prometheus(folder, new PodTargets(folder.Path, selectors), process, new Uri($"http://127.0.0.1:{port}"));
        try
        {
            await Eventually.Holds(prometheus.IsReadyAsync, () => process.Describe("does not answer"));
            return prometheus;
        }
        catch
        {
            await prometheus.DisposeAsync();
            throw;
        }
    }

    /// <summary>The answer to an instant query: each series with its labels (<c>metric</c>) and <c>value</c>.</summary>
    public Task<IReadOnlyList<JsonElement>> QueryAsync(string expression) => AskAsync($"api/v1/query?query={Uri.EscapeDataString(expression)}");

    /// <summary>The alerts that fire now, of the shipped rules as they are, as "NAME {labels}".</summary>
    public Task<IReadOnlyList<string>> FiringAsync() => AlertsAsync($"ALERTS{{alertstate=\"firing\", {Hurried}=\"\"}}");

    /// <summary>The same of the copy that does not wait long.</summary>
    public Task<IReadOnlyList<string>> FiringInAHurryAsync() => AlertsAsync($"ALERTS{{alertstate=\"firing\", {Hurried}=\"yes\"}}");

    /// <summary>Every alert that has fired since a time, of the shipped rules as they are.</summary>
    public Task<IReadOnlyList<string>> FiredSinceAsync(DateTime start)
    {
        int seconds = Math.Max(1, (int)(TimeProvider.System.GetUtcNow() - start).TotalSeconds);
        return AlertsAsync($"max_over_time(ALERTS{{alertstate=\"firing\", {Hurried}=\"\"}}[{seconds}s])");
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        await _targets.DisposeAsync();
        _folder.Dispose();
    }

    private static string Shipped(params string[] parts) => Repository.PathOf(["charts", "ppma-cloud", "files", .. parts]);

    private static string Configuration() => Discovery().Replace(
        File.ReadAllText(Shipped("prometheus-scrape.yaml"))
            .Replace("interval: 15s", $"interval: {IntervalSeconds}s", StringComparison.Ordinal)
            .Replace("- rules/ppma.yaml", "- rules/*.yaml", StringComparison.Ordinal),
        found => $"    file_sd_configs:\n      - files: [{PodTargets.FileOf(found.Groups["selector"].Value)}]\n        refresh_interval: 1s\n");

    private static string InAHurry(string rules)
    {
        IEnumerable<string> groups = rules[rules.IndexOf("  - name: ", StringComparison.Ordinal)..].Split("\n\n").Where(group => group.Contains("- alert: ", StringComparison.Ordinal));
        string text = string.Join("\n\n", groups).Replace("  - name: ", "  - name: hurried-", StringComparison.Ordinal);
        return "groups:\n" + Waits().Replace(Labels().Replace(text, $"labels: {{{Hurried}: \"yes\", "), $"for: {HurriedSeconds}s");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task<bool> IsReadyAsync()
    {
        try
        {
            return (await Client.GetAsync(new Uri(_address, "-/ready"))).IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return _process.HasExited ? throw new InvalidOperationException(_process.Describe("ended")) : false;
        }
    }

    private async Task<IReadOnlyList<string>> AlertsAsync(string expression) =>
        [.. (await AskAsync($"api/v1/query?query={Uri.EscapeDataString(expression)}")).Select(alert => alert.GetProperty("metric"))
            .Select(labels => $"{labels.GetProperty("alertname").GetString()} {labels}")];

    private async Task<IReadOnlyList<JsonElement>> AskAsync(string path)
    {
        using HttpResponseMessage answer = await Client.GetAsync(new Uri(_address, path));
        string text = await answer.Content.ReadAsStringAsync();
        return answer.IsSuccessStatusCode
            ? [.. JsonDocument.Parse(text).RootElement.GetProperty("data").GetProperty("result").EnumerateArray()]
            : throw new InvalidOperationException($"Prometheus answers {path} with {(int)answer.StatusCode}: {text}");
    }

    [GeneratedRegex(@"    kubernetes_sd_configs:\n(?:      .*\n)*?            label: (?<selector>.+)\n")]
    private static partial Regex Discovery();

    [GeneratedRegex(@"labels: \{")]
    private static partial Regex Labels();

    [GeneratedRegex(@"(?<=^        )for: \w+$", RegexOptions.Multiline)]
    private static partial Regex Waits();
}
