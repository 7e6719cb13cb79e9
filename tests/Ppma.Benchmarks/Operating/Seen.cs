using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using Ppma.Testing.Kubernetes;

namespace Ppma.Benchmarks.Operating;

/// <summary>When things were seen, by a watch of this program's own: the time of the first event of each name that fits.</summary>
internal sealed class Seen : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, long> _times = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _watching;

    private Seen(KubernetesServer server, string path, Func<JsonElement, string?> name) => _watching = WatchAsync(server, path, name, _stop.Token);

    public int Count => _times.Count;

    /// <summary>Jobs, under the name of the run that owns them.</summary>
    public static Seen Jobs(KubernetesServer server, string @namespace) => new(
        server,
        $"apis/batch/v1/namespaces/{@namespace}/jobs",
        job => job.GetProperty("metadata").TryGetProperty("ownerReferences", out JsonElement owners) ? owners[0].GetProperty("name").GetString() : null);

    /// <summary>Runs whose status says that they succeeded.</summary>
    public static Seen Succeeded(KubernetesServer server, string @namespace) => new(
        server,
        $"apis/ppma.cloud/v1alpha1/namespaces/{@namespace}/pretrainruns",
        run => run.TryGetProperty("status", out JsonElement status) && status.TryGetProperty("completionTime", out _) ? run.GetProperty("metadata").GetProperty("name").GetString() : null);

    /// <summary><see cref="Stopwatch"/> time, once it was seen.</summary>
    public async Task<long> WhenAsync(string name)
    {
        long given = Stopwatch.GetTimestamp();
        while (true)
        {
            if (_times.TryGetValue(name, out long time))
            {
                return time;
            }

            if (_watching.IsCompleted)
            {
                await _watching;
            }

            if (Stopwatch.GetElapsedTime(given) > TimeSpan.FromMinutes(2))
            {
                throw new TimeoutException($"\"{name}\" was not seen in two minutes; {_times.Count} others were.");
            }

            await Task.Delay(1);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _watching.ContinueWith(_ => { }, TaskScheduler.Default);
        _stop.Dispose();
    }

    private async Task WatchAsync(KubernetesServer server, string path, Func<JsonElement, string?> name, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            using HttpResponseMessage answer = await server.Http.GetAsync($"{path}?watch=1&resourceVersion=0&timeoutSeconds=3000", HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            answer.EnsureSuccessStatusCode();
            using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(cancellationToken));
            while (await reader.ReadLineAsync(cancellationToken) is { } line)
            {
                long now = Stopwatch.GetTimestamp();
                using var change = JsonDocument.Parse(line);
                if (change.RootElement.GetProperty("type").ValueEquals("ERROR"))
                {
                    break;
                }

                if (!change.RootElement.GetProperty("type").ValueEquals("DELETED") && name(change.RootElement.GetProperty("object")) is { } found)
                {
                    _times.TryAdd(found, now);
                }
            }
        }
    }
}
