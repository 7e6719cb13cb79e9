using System.Net;
using k8s;
using k8s.Autorest;
using k8s.Models;
using Ppma.Testing;
using Ppma.Testing.Kubernetes;
using Ppma.Testing.Kubernetes.Faults;

namespace Ppma.Cluster.Tests.Fixtures;

public sealed class ApiProxyTests(KubernetesFixture fixture) : IAsyncLifetime
{
    private KubernetesServer _server = null!;
    private ApiProxy _proxy = null!;
    private IKubernetes _client = null!;
    private string _space = "";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await fixture.GetServerAsync();
        _space = await _server.CreateNamespaceAsync("proxy", Token);
        _proxy = await ApiProxy.StartAsync(_server, Token);
        _client = _server.ClientFor(KubernetesServer.AdminToken, _proxy.Address);
    }

    public async ValueTask DisposeAsync()
    {
        if (_proxy is not null)
        {
            _client.Dispose();
            await _proxy.DisposeAsync();
        }
    }

    [Fact]
    public async Task Calls_ThroughTheProxy_KeepTheirUserAndAreCounted()
    {
        string token = await _server.CreateServiceAccountTokenAsync(_space, "stranger", Token);
        using IKubernetes stranger = _server.ClientFor(token, _proxy.Address);

        HttpOperationException refused = await Assert.ThrowsAsync<HttpOperationException>(() => stranger.BatchV1.ListNamespacedJobAsync(_space, cancellationToken: Token));
        await CreateAsync("a");
        await _client.CoreV1.ReadNamespacedConfigMapAsync("a", _space, cancellationToken: Token);
        await _client.CoreV1.ReadNamespaceAsync(_space, cancellationToken: Token);

        Assert.Contains($"system:serviceaccount:{_space}:stranger", refused.Response.Content, StringComparison.Ordinal);
        Assert.Equal(
            [("create configmaps", 1), ("get configmaps", 1), ("get namespaces", 1), ("list jobs", 1)],
            _proxy.Count().Select(entry => (entry.Key, entry.Value)).Order());
    }

    [Fact]
    public async Task DropBefore_OfACreate_LeavesNothing()
    {
        ApiRule rule = _proxy.Add(ApiFault.DropBefore, call => call.Kind == "create configmaps");

        await Assert.ThrowsAsync<HttpRequestException>(() => CreateAsync("a"));

        Assert.Equal(1, rule.Hits);
        Assert.Empty(await CreatesAsync());
    }

    [Fact]
    public async Task DropAfter_OfACreate_LeavesTheObject()
    {
        _proxy.Add(ApiFault.DropAfter, call => call.Kind == "create configmaps");

        await Assert.ThrowsAsync<HttpRequestException>(() => CreateAsync("a"));

        Assert.Equal([("a", 201)], await CreatesAsync());
    }

    [Fact]
    public async Task Twice_OfACreate_AnswersThatItExists()
    {
        _proxy.Add(ApiFault.Twice, call => call.Kind == "create configmaps");

        HttpOperationException error = await Assert.ThrowsAsync<HttpOperationException>(() => CreateAsync("a"));

        Assert.Contains("AlreadyExists", error.Response.Content, StringComparison.Ordinal);
        Assert.Equal([("a", 201), ("a", 409)], await CreatesAsync());
    }

    [Fact]
    public async Task Refuse_OfTheSecondCall_HitsOnlyThat()
    {
        _proxy.Add(ApiFault.Refuse(HttpStatusCode.TooManyRequests, retryAfterSeconds: 3), call => call.Kind == "create configmaps", skip: 1);

        await CreateAsync("a");
        HttpOperationException error = await Assert.ThrowsAsync<HttpOperationException>(() => CreateAsync("b"));
        await CreateAsync("c");

        Assert.Equal(HttpStatusCode.TooManyRequests, error.Response.StatusCode);
        Assert.Equal(["3"], error.Response.Headers["Retry-After"]);
        Assert.Equal(["a", "c"], (await CreatesAsync()).Select(create => create.Name));
    }

    [Fact]
    public async Task Silence_OfACall_LastsUntilTheClientGivesUp()
    {
        _proxy.Add(ApiFault.Silence, call => call.Kind == "get configmaps");
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Token);
        Task<V1ConfigMap> read = _client.CoreV1.ReadNamespacedConfigMapAsync("a", _space, cancellationToken: patience.Token);
        await Eventually.Holds(() => Task.FromResult(_proxy.Calls.Count == 1), Token);

        await patience.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read);
        Assert.DoesNotContain(await _server.Audit.ReadAsync(_space, Token), entry => entry is { Verb: "get", Resource: "configmaps" });
    }

    [Fact]
    public async Task Hooks_AroundACreate_SeeTheServerBeforeAndAfterIt()
    {
        var seen = new List<string>();
        _proxy.BeforeForward = async call => seen.Add($"before {call.Kind}: {await CountAsync()}");
        _proxy.AfterCommit = async (call, code) => seen.Add($"after {call.Kind}, {(int)code}: {await CountAsync()}");
        int there = await CountAsync();

        await CreateAsync("a");

        Assert.Equal([$"before create configmaps: {there}", $"after create configmaps, 201: {there + 1}"], seen);
    }

    [Theory]
    [InlineData("cut")]
    [InlineData("close")]
    [InlineData("expire")]
    [InlineData("freeze")]
    public async Task Watch_ThatEndsAfterTwoEvents_EndsItsWay(string end)
    {
        _proxy.Add(
            end switch { "cut" => ApiFault.CutWatch(2), "close" => ApiFault.CloseWatch(2), "expire" => ApiFault.ExpireWatch(2), _ => ApiFault.FreezeWatch(2) },
            call => call.IsWatch);
        using HttpClient http = _server.HttpClientFor(KubernetesServer.AdminToken);
        string list = await http.GetStringAsync($"api/v1/namespaces/{_space}/configmaps", Token);
        string version = KubernetesJson.Deserialize<V1ConfigMapList>(list).Metadata.ResourceVersion;
        using Stream stream = await http.GetStreamAsync(new Uri(_proxy.Address, $"api/v1/namespaces/{_space}/configmaps?watch=1&resourceVersion={version}"), Token);
        using var lines = new StreamReader(stream);

        await CreateAsync("a");
        Assert.Contains("\"a\"", await lines.ReadLineAsync(Token), StringComparison.Ordinal);
        await CreateAsync("b");
        await CreateAsync("c");
        if (end == "cut")
        {
            // A reset may overtake the event before it, as on a real network.
            await Assert.ThrowsAnyAsync<IOException>(() => lines.ReadToEndAsync(Token));
            return;
        }

        Assert.Contains("\"b\"", await lines.ReadLineAsync(Token), StringComparison.Ordinal);
        switch (end)
        {
            case "close":
                Assert.Null(await lines.ReadLineAsync(Token));
                break;
            case "expire":
                Assert.Contains("\"code\":410", await lines.ReadLineAsync(Token), StringComparison.Ordinal);
                Assert.Null(await lines.ReadLineAsync(Token));
                break;
            default:
                Task<string?> next = lines.ReadLineAsync(Token).AsTask();
                _proxy.CutWatches();
                await Assert.ThrowsAnyAsync<IOException>(() => next);
                break;
        }
    }

    private Task<V1ConfigMap> CreateAsync(string name) =>
        _client.CoreV1.CreateNamespacedConfigMapAsync(new V1ConfigMap { Metadata = new V1ObjectMeta { Name = name } }, _space, cancellationToken: Token);

    private async Task<int> CountAsync() => (await _server.Client.CoreV1.ListNamespacedConfigMapAsync(_space, cancellationToken: Token)).Items.Count;

    private async Task<IReadOnlyList<(string Name, int Code)>> CreatesAsync() =>
        [.. (await _server.Audit.ReadAsync(_space, Token)).Where(entry => entry is { Verb: "create", Resource: "configmaps", User: "admin" }).Select(entry => (entry.Name, entry.Code))];
}
