using System.Net;
using k8s.Models;
using Microsoft.Extensions.Logging.Abstractions;
using Ppma.Controllers;
using Ppma.Controllers.Caching;
using Ppma.Controllers.Requests;
using Ppma.Testing.Kubernetes;
using Ppma.Testing.Kubernetes.Faults;
using Prometheus;

namespace Ppma.Cluster.Tests.Requests;

/// <summary>What a caller hears when the way to the API server fails, and what has happened on the server then.</summary>
public sealed class RequestFaultTests(KubernetesFixture fixture)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Create_WhoseAnswerIsLost_IsNoAnswerAndIsNotSentAgain()
    {
        await using Setting setting = await SetAsync("lost");
        setting.Proxy.Add(ApiFault.DropAfter, call => call.Verb == "create");

        ApiException lost = await Assert.ThrowsAsync<ApiException>(() => setting.Maps.CreateAsync(setting.Map("a"), Cancellation));
        ApiException taken = await Assert.ThrowsAsync<ApiException>(() => setting.Maps.CreateAsync(setting.Map("a"), Cancellation));

        Assert.Null(lost.Code);
        Assert.True(taken.AlreadyExists);
        Assert.Equal([201, 409], await setting.AuditedCreatesAsync());
    }

    [Fact]
    public async Task Create_ThatNeverArrives_IsNoAnswerAndLeavesNothing()
    {
        await using Setting setting = await SetAsync("dropped");
        setting.Proxy.Add(ApiFault.DropBefore, call => call.Verb == "create");

        ApiException lost = await Assert.ThrowsAsync<ApiException>(() => setting.Maps.CreateAsync(setting.Map("a"), Cancellation));

        Assert.Null(lost.Code);
        Assert.Null(await setting.Maps.ReadAsync(new ObjectKey(setting.Namespace, "a"), Cancellation));
        Assert.Empty(await setting.AuditedCreatesAsync());
    }

    [Fact]
    public async Task Request_ThatNobodyAnswers_TimesOutAndTheNextIsAnswered()
    {
        await using Setting setting = await SetAsync("silent", TimeSpan.FromSeconds(1));
        setting.Proxy.Add(ApiFault.Silence, call => call.Verb == "create");

        ApiException late = await Assert.ThrowsAsync<ApiException>(() => setting.Maps.CreateAsync(setting.Map("a"), Cancellation));
        await setting.Maps.CreateAsync(setting.Map("a"), Cancellation);

        Assert.Equal("Timeout", late.Reason);
        Assert.Contains("within 1 s", late.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Request_ThatIsPutOff_SaysForHowLong()
    {
        await using Setting setting = await SetAsync("busy");
        setting.Proxy.Add(ApiFault.Refuse(HttpStatusCode.TooManyRequests, retryAfterSeconds: 7), call => call.Verb == "create");

        ApiException busy = await Assert.ThrowsAsync<ApiException>(() => setting.Maps.CreateAsync(setting.Map("a"), Cancellation));

        Assert.True(busy.Transient);
        Assert.Equal(TimeSpan.FromSeconds(7), busy.RetryAfter);
    }

    [Fact]
    public async Task Watch_ThatIsCut_EndsInAnExceptionAfterTheEventsThatCame()
    {
        await using Setting setting = await SetAsync("cut");
        setting.Proxy.Add(ApiFault.CutWatch(afterEvents: 1), call => call.IsWatch);
        ListWatch<V1ConfigMap> selection = setting.Maps.Select(new ResourceSelection { Namespace = setting.Namespace });
        string version = await selection.ListAsync("", _ => { }, Cancellation);
        await setting.Maps.CreateAsync(setting.Map("a"), Cancellation);
        await setting.Maps.CreateAsync(setting.Map("b"), Cancellation);

        var seen = new List<string?>();
        ApiException cut = await Assert.ThrowsAsync<ApiException>(async () =>
        {
            await foreach (WatchEvent<V1ConfigMap> happened in selection.WatchAsync(version, TimeSpan.FromMinutes(5), Cancellation))
            {
                seen.Add(happened.Object?.Name());
            }
        });

        // A connection that is reset may take along what was on its way.
        Assert.Null(cut.Code);
        Assert.Contains(string.Join(' ', seen), new[] { "", "a" });
    }

    private async Task<Setting> SetAsync(string purpose, TimeSpan? timeout = null)
    {
        KubernetesServer server = await fixture.GetServerAsync();
        return new Setting(server, await ApiProxy.StartAsync(server, Cancellation), await server.CreateNamespaceAsync(purpose, Cancellation), timeout);
    }

    /// <summary>A namespace, and a client that reaches it through a proxy.</summary>
    private sealed class Setting : IAsyncDisposable
    {
        private readonly KubernetesServer _server;
        private readonly k8s.Kubernetes _client;

        public Setting(KubernetesServer server, ApiProxy proxy, string @namespace, TimeSpan? timeout)
        {
            (_server, Proxy, Namespace) = (server, proxy, @namespace);
            _client = (k8s.Kubernetes)server.ClientFor(KubernetesServer.AdminToken, proxy.Address);
            var options = new RequestOptions { Client = "lab" };
            var transport = new ApiTransport(_client, options with { Timeout = timeout ?? options.Timeout }, TimeProvider.System, Metrics.NewCustomRegistry());
            Maps = new ResourceClient<V1ConfigMap>(transport, leadership: null, NullLogger<ApiTransport>.Instance);
        }

        public ApiProxy Proxy { get; }

        public string Namespace { get; }

        public ResourceClient<V1ConfigMap> Maps { get; }

        public V1ConfigMap Map(string name) => new() { Metadata = new V1ObjectMeta { Name = name, NamespaceProperty = Namespace } };

        /// <summary>The codes of the creates of <c>a</c> that reached the server, in their order.</summary>
        public async Task<IReadOnlyList<int>> AuditedCreatesAsync() =>
            [.. (await _server.Audit.ReadAsync(Namespace, Cancellation)).Where(entry => entry is { Verb: "create", Name: "a" }).Select(entry => entry.Code)];

        public async ValueTask DisposeAsync()
        {
            _client.Dispose();
            await Proxy.DisposeAsync();
        }
    }
}
