using System.Net;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging.Abstractions;
using Ppma.Controllers.Caching;
using Ppma.Controllers.Requests;
using Ppma.Testing;
using Ppma.Testing.Kubernetes;
using Ppma.Testing.Kubernetes.Faults;
using Prometheus;

namespace Ppma.Cluster.Tests.Caching;

/// <summary>A real server behind a bad connection: whatever happens to lists and watches, the cache ends as a fresh list.</summary>
public sealed class ReflectorThroughFaultsTests(KubernetesFixture fixture) : IAsyncLifetime
{
    /// <summary>A silent watch is cut after 2 + 1 s.</summary>
    private static readonly ReflectorOptions Brisk = new()
    {
        ShortestWatch = TimeSpan.FromSeconds(2),
        LongestWatch = TimeSpan.FromSeconds(2),
        Grace = TimeSpan.FromSeconds(1),
        ShortestBackOff = TimeSpan.FromMilliseconds(50),
        LongestBackOff = TimeSpan.FromSeconds(1),
    };

    private readonly CancellationTokenSource _stop = new();
    private KubernetesServer _server = null!;
    private ApiProxy _proxy = null!;
    private k8s.Kubernetes _client = null!;
    private string _space = "";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string> Faults => ["cut", "close", "expire", "freeze", "refused as gone", "twice", "429 at start", "503 at start", "silence at start"];

    public async ValueTask InitializeAsync()
    {
        _server = await fixture.GetServerAsync();
        _space = await _server.CreateNamespaceAsync("cache", Token);
        _proxy = await ApiProxy.StartAsync(_server, Token);
        _client = new k8s.Kubernetes(_server.ConfigurationFor(KubernetesServer.AdminToken, _proxy.Address));
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _stop.Dispose();
        if (_proxy is not null)
        {
            _client.Dispose();
            await _proxy.DisposeAsync();
        }
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Cache_ThroughAFault_EndsAsAFreshList(string name)
    {
        var rule = name switch
        {
            "cut" => OnWatches(ApiFault.CutWatch(afterEvents: 2)),
            "close" => OnWatches(ApiFault.CloseWatch(afterEvents: 1)),
            "expire" => OnWatches(ApiFault.ExpireWatch(afterEvents: 2)),
            "freeze" => OnWatches(ApiFault.FreezeWatch(afterEvents: 2)),
            "refused as gone" => OnWatches(ApiFault.Refuse(HttpStatusCode.Gone)),
            "twice" => _proxy.Add(ApiFault.Twice, call => call.Resource == "configmaps", times: 4),
            "429 at start" => OnLists(ApiFault.Refuse(HttpStatusCode.TooManyRequests, retryAfterSeconds: 1)),
            "503 at start" => OnLists(ApiFault.Refuse(HttpStatusCode.ServiceUnavailable)),
            _ => OnLists(ApiFault.Silence),
        };
        await WriteAsync("before", 3);
        var cache = new ResourceCache<V1ConfigMap>();
        var reflector = Reflect(cache);
        await reflector.Synced.WaitAsync(Token);

        await WriteAsync("during", 6);

        await IsLikeTheServerAsync(cache);
        await Eventually.Holds(() => Task.FromResult(rule.Hits > 0), () => $"{name} hit nothing", Token);
        await WriteAsync("after", 3);
        await IsLikeTheServerAsync(cache);
        Assert.Null(reflector.Problem);
    }

    [Fact]
    public async Task Watch_CutAgainAndAgain_ListsNothingAgain()
    {
        var cache = new ResourceCache<V1ConfigMap>();
        await Reflect(cache).Synced.WaitAsync(Token);
        int lists = _proxy.Count()["list configmaps"];

        for (int i = 0; i < 5; i++)
        {
            await WriteAsync($"round-{i}", 2);
            _proxy.CutWatches();
        }

        await IsLikeTheServerAsync(cache);
        Assert.Equal(lists, _proxy.Count()["list configmaps"]);
    }

    [Fact]
    public async Task Kind_ThatIsDefinedWhileItIsWaitedFor_IsListedThen()
    {
        var cache = new ResourceCache<Latecomer>();
        var reflector = Reflect(cache);
        await Eventually.Holds(
            () => Task.FromResult(reflector.Problem?.Contains("is its CustomResourceDefinition installed?", StringComparison.Ordinal) == true), () => $"the problem is: {reflector.Problem}", Token);

        await CustomResourceDefinitions.InstallAsync(_server, Latecomer.Definition, Token);

        await reflector.Synced.WaitAsync(Token);
        Assert.Null(reflector.Problem);
    }

    private ApiRule OnWatches(ApiFault fault) => _proxy.Add(fault, call => call.Kind == "watch configmaps", times: 2);

    private ApiRule OnLists(ApiFault fault) => _proxy.Add(fault, call => call.Kind == "list configmaps", times: 2);

    private Reflector<T> Reflect<T>(ResourceCache<T> cache)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        var registry = Metrics.NewCustomRegistry();
        var transport = new ApiTransport(_client, new RequestOptions(), TimeProvider.System, registry);
        var source = new ResourceClient<T>(transport, leadership: null, NullLogger<ApiTransport>.Instance).Select(new ResourceSelection { Namespace = _space });
        var reflector = new Reflector<T>(
            typeof(T).Name, source, cache, Brisk, new ReflectorMetrics(registry, typeof(T).Name), TimeProvider.System, () => 0.5, NullLogger.Instance);
        _ = reflector.RunAsync(_stop.Token);
        return reflector;
    }

    /// <summary>Past the proxy: some objects that stay, one that changes, one that comes and goes.</summary>
    private async Task WriteAsync(string prefix, int count)
    {
        var maps = _server.Client.CoreV1;
        for (int i = 0; i < count; i++)
        {
            await maps.CreateNamespacedConfigMapAsync(Map($"{prefix}-{i}", "1"), _space, cancellationToken: Token);
        }

        await maps.ReplaceNamespacedConfigMapAsync(Map($"{prefix}-0", "2"), $"{prefix}-0", _space, cancellationToken: Token);
        await maps.DeleteNamespacedConfigMapAsync($"{prefix}-1", _space, cancellationToken: Token);
    }

    private static V1ConfigMap Map(string name, string value) =>
        new() { Metadata = new V1ObjectMeta { Name = name }, Data = new Dictionary<string, string> { ["value"] = value } };

    private async Task IsLikeTheServerAsync(ResourceCache<V1ConfigMap> cache)
    {
        List<string> fresh = [];
        await Eventually.Holds(
            async () =>
            {
                var list = await _server.Client.CoreV1.ListNamespacedConfigMapAsync(_space, cancellationToken: Token);
                fresh = Summary(list.Items);
                return fresh.SequenceEqual(Summary(cache.All));
            },
            () => $"the server has {string.Join(' ', fresh)}, the cache {string.Join(' ', Summary(cache.All))}",
            Token);
    }

    private static List<string> Summary(IEnumerable<V1ConfigMap> maps) =>
        [.. maps.Select(map => $"{map.Metadata.Name}@{map.Metadata.ResourceVersion}").Order(StringComparer.Ordinal)];
}
