using System.Net;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging.Abstractions;
using Ppma.Controllers;
using Ppma.Controllers.Caching;
using Ppma.Controllers.Requests;
using Ppma.Testing;
using Ppma.Testing.Kubernetes;
using Prometheus;

namespace Ppma.Cluster.Tests.Requests;

public sealed class ResourceClientTests(KubernetesFixture fixture)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task UpdateStatus_OfAKindThatRequiresASpec_NeedsNoneAndLeavesAllElseAlone()
    {
        (ResourceClient<Widget> widgets, string space) = await WidgetsAsync("status");
        Widget widget = Widget.Named("a", space, size: 3);
        widget.Metadata.Labels = new Dictionary<string, string> { ["part"] = "one" };
        Widget created = await widgets.CreateAsync(widget, Cancellation);

        created.Status = new WidgetStatus("half");
        Widget updated = await widgets.UpdateStatusAsync(created, Cancellation);

        Assert.Equal((3, "one", "half"), (updated.Spec!.Size, updated.Metadata.Labels["part"], updated.Status!.Note));
        Assert.Equal(created.Metadata.Generation, updated.Metadata.Generation);
        ApiException conflict = await Assert.ThrowsAsync<ApiException>(() => widgets.UpdateStatusAsync(created, Cancellation));
        Assert.True(conflict.Conflict);
    }

    [Fact]
    public async Task Create_OfWhatTheSchemaForbids_NamesTheField()
    {
        (ResourceClient<Widget> widgets, string space) = await WidgetsAsync("refused");

        ApiException refused = await Assert.ThrowsAsync<ApiException>(() => widgets.CreateAsync(Widget.Named("a", space, size: 0), Cancellation));

        Assert.Equal((HttpStatusCode.UnprocessableEntity, "Invalid"), (refused.Code!.Value, refused.Reason));
        Assert.StartsWith("spec.size: ", Assert.Single(refused.Causes), StringComparison.Ordinal);
    }

    [Fact]
    public async Task TryCreate_OfAGoodOrBadObject_SaysSoAndCreatesNothing()
    {
        (ResourceClient<Widget> widgets, string space) = await WidgetsAsync("dry-run");

        await widgets.TryCreateAsync(Widget.Named("a", space), Cancellation);
        ApiException refused = await Assert.ThrowsAsync<ApiException>(() => widgets.TryCreateAsync(Widget.Named("b", space, size: 0), Cancellation));

        Assert.True(refused.Refused);
        Assert.Null(await widgets.ReadAsync(new ObjectKey(space, "a"), Cancellation));
    }

    [Fact]
    public async Task Create_Twice_SaysThatTheNameIsTaken()
    {
        (ResourceClient<Widget> widgets, string space) = await WidgetsAsync("twice");
        await widgets.CreateAsync(Widget.Named("a", space), Cancellation);

        ApiException taken = await Assert.ThrowsAsync<ApiException>(() => widgets.CreateAsync(Widget.Named("a", space), Cancellation));

        Assert.True(taken.AlreadyExists);
    }

    [Fact]
    public async Task Apply_OverWhatAnotherManagerHolds_TakesItAndRemovesOnlyItsOwn()
    {
        KubernetesServer server = await fixture.GetServerAsync();
        string space = await server.CreateNamespaceAsync("apply", Cancellation);
        await server.Client.CoreV1.CreateNamespacedConfigMapAsync(Map("a", space, ("theirs", "1"), ("both", "1")), space, cancellationToken: Cancellation);
        ResourceClient<V1ConfigMap> maps = Client<V1ConfigMap>(server);

        await maps.ApplyAsync(Map("a", space, ("both", "2"), ("ours", "2")), Cancellation);
        V1ConfigMap applied = await maps.ApplyAsync(Map("a", space, ("both", "3")), Cancellation);

        Assert.Equal(["both=3", "theirs=1"], applied.Data.Select(entry => $"{entry.Key}={entry.Value}").Order());
        Assert.Null(applied.Metadata.ManagedFields);
    }

    [Fact]
    public async Task Delete_OfAnObjectThatWasReplaced_LeavesItsSuccessor()
    {
        (ResourceClient<Widget> widgets, string space) = await WidgetsAsync("replaced");
        Widget first = await widgets.CreateAsync(Widget.Named("a", space), Cancellation);
        Assert.Null(await widgets.DeleteAsync(first, DeletePropagation.Background, Cancellation));
        await widgets.CreateAsync(Widget.Named("a", space), Cancellation);

        ApiException refused = await Assert.ThrowsAsync<ApiException>(() => widgets.DeleteAsync(first, DeletePropagation.Background, Cancellation));

        Assert.True(refused.Conflict);
        Assert.NotNull(await widgets.ReadAsync(new ObjectKey(space, "a"), Cancellation));
    }

    [Fact]
    public async Task Delete_InTheForeground_GivesTheObjectThatWaits()
    {
        (ResourceClient<Widget> widgets, string space) = await WidgetsAsync("foreground");
        Widget widget = await widgets.CreateAsync(Widget.Named("a", space), Cancellation);

        Widget? ending = await widgets.DeleteAsync(widget, DeletePropagation.Foreground, Cancellation);

        Assert.NotNull(ending?.Metadata.DeletionTimestamp);
    }

    [Fact]
    public async Task List_FromTheCacheAndInPages_GivesTheSameObjects()
    {
        const int Count = 520; // More than a page.
        KubernetesServer server = await fixture.GetServerAsync();
        string space = await server.CreateNamespaceAsync("list", Cancellation);
        ResourceClient<V1ConfigMap> maps = Client<V1ConfigMap>(server);
        await Parallel.ForEachAsync(
            Enumerable.Range(0, Count),
            new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = Cancellation },
            async (index, token) => await maps.CreateAsync(Map($"map-{index}", space, ("k", "v")), token));
        ListWatch<V1ConfigMap> selection = maps.Select(new ResourceSelection { Namespace = space, LabelSelector = "part=one" });

        var paged = new List<string>();
        await selection.ListAsync("", map => paged.Add(map.Name()), Cancellation);
        var cached = new List<string>();
        await selection.ListAsync("0", map => cached.Add(map.Name()), Cancellation);

        Assert.Equal(Count, paged.Distinct().Count());
        Assert.Equal(paged.Order(), cached.Order());
    }

    [Fact]
    public async Task Watch_FromAList_SeesWhatHappensAfterIt()
    {
        (ResourceClient<Widget> widgets, string space) = await WidgetsAsync("watch");
        ListWatch<Widget> selection = widgets.Select(new ResourceSelection { Namespace = space });
        string version = await selection.ListAsync("", _ => Assert.Fail("Nothing is there yet"), Cancellation);

        Widget widget = await widgets.CreateAsync(Widget.Named("a", space), Cancellation);
        widget.Status = new WidgetStatus("done");
        await widgets.UpdateStatusAsync(widget, Cancellation);
        await widgets.DeleteAsync(widget, DeletePropagation.Background, Cancellation);

        var seen = new List<(WatchEventKind, string?)>();
        await foreach (WatchEvent<Widget> happened in selection.WatchAsync(version, TimeSpan.FromMinutes(5), Cancellation))
        {
            seen.Add((happened.Kind, happened.Object?.Status?.Note));
            if (happened.Kind == WatchEventKind.Deleted)
            {
                break;
            }
        }

        Assert.Equal([(WatchEventKind.Added, null), (WatchEventKind.Modified, "done"), (WatchEventKind.Deleted, "done")], seen);
    }

    [Fact]
    public async Task Watch_ThatTheServerEndsInItsTime_EndsWithoutAnError()
    {
        (ResourceClient<Widget> widgets, string space) = await WidgetsAsync("watch-end");
        ListWatch<Widget> selection = widgets.Select(new ResourceSelection { Namespace = space });
        string version = await selection.ListAsync("", _ => { }, Cancellation);

        await foreach (WatchEvent<Widget> happened in selection.WatchAsync(version, TimeSpan.FromSeconds(1), Cancellation))
        {
            Assert.Equal(WatchEventKind.Bookmark, happened.Kind);
        }
    }

    [Fact]
    public async Task Watch_FromAVersionLongGone_IsExpired()
    {
        (ResourceClient<Widget> widgets, string space) = await WidgetsAsync("expired");
        IAsyncEnumerable<WatchEvent<Widget>> events = widgets.Select(new ResourceSelection { Namespace = space }).WatchAsync("1", TimeSpan.FromMinutes(5), Cancellation);

        ApiException expired = await Assert.ThrowsAsync<ApiException>(async () =>
        {
            await foreach (WatchEvent<Widget> happened in events)
            {
                Assert.Fail($"{happened.Kind} came");
            }
        });

        Assert.True(expired.Expired);
    }

    [Fact]
    public async Task Request_WithoutTheRightOrTheServer_SaysWhich()
    {
        KubernetesServer server = await fixture.GetServerAsync();
        string space = await server.CreateNamespaceAsync("rights", Cancellation);
        string token = await server.CreateServiceAccountTokenAsync(space, "nobody", Cancellation);
        var nowhere = new Uri("http://127.0.0.1:1");

        ApiException forbidden = await Assert.ThrowsAsync<ApiException>(() => Client<V1ConfigMap>(server, token).CreateAsync(Map("a", space), Cancellation));
        ApiException stranger = await Assert.ThrowsAsync<ApiException>(() => Client<V1ConfigMap>(server, "no token").CreateAsync(Map("a", space), Cancellation));
        ApiException silent = await Assert.ThrowsAsync<ApiException>(() => Client<V1ConfigMap>(server, token, nowhere).CreateAsync(Map("a", space), Cancellation));

        Assert.True(forbidden.Refused);
        Assert.Contains("configmaps is forbidden", forbidden.Message, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Unauthorized, stranger.Code);
        Assert.Null(silent.Code);
        Assert.Contains("Connection refused", silent.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Create_BeyondAQuota_IsNoRefusalOfTheObject()
    {
        KubernetesServer server = await fixture.GetServerAsync();
        string space = await server.CreateNamespaceAsync("quota", Cancellation);
        var quota = new V1ResourceQuota
        {
            Metadata = new V1ObjectMeta { Name = "none" },
            Spec = new V1ResourceQuotaSpec { Hard = new Dictionary<string, ResourceQuantity> { ["count/jobs.batch"] = new("0") } },
        };
        await server.Client.CoreV1.CreateNamespacedResourceQuotaAsync(quota, space, cancellationToken: Cancellation);

        ApiException full = await Eventually.Gives(() => TryCreateJobAsync(server, space), () => "No Job was ever refused", Cancellation);

        Assert.True(full.QuotaExceeded, full.Message);
        Assert.False(full.Refused);
    }

    private static async Task<ApiException?> TryCreateJobAsync(KubernetesServer server, string space)
    {
        var job = new V1Job
        {
            Metadata = new V1ObjectMeta { GenerateName = "a-", NamespaceProperty = space },
            Spec = new V1JobSpec
            {
                Template = new V1PodTemplateSpec { Spec = new V1PodSpec { RestartPolicy = "Never", Containers = [new V1Container { Name = "c", Image = "none" }] } },
            },
        };
        try
        {
            await Client<V1Job>(server).CreateAsync(job, Cancellation);
            return null;
        }
        catch (ApiException refused)
        {
            return refused;
        }
    }

    private static V1ConfigMap Map(string name, string space, params (string Key, string Value)[] data) => new()
    {
        Metadata = new V1ObjectMeta { Name = name, NamespaceProperty = space, Labels = new Dictionary<string, string> { ["part"] = "one" } },
        Data = data.ToDictionary(entry => entry.Key, entry => entry.Value),
    };

    private static ResourceClient<T> Client<T>(KubernetesServer server, string? token = null, Uri? address = null)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        var client = (k8s.Kubernetes)server.ClientFor(token ?? KubernetesServer.AdminToken, address);
        var transport = new ApiTransport(client, new RequestOptions { Client = "lab" }, TimeProvider.System, Metrics.NewCustomRegistry());
        return new ResourceClient<T>(transport, leadership: null, NullLogger<ApiTransport>.Instance);
    }

    private async Task<(ResourceClient<Widget> Widgets, string Namespace)> WidgetsAsync(string purpose)
    {
        KubernetesServer server = await fixture.GetServerAsync();
        await CustomResourceDefinitions.InstallAsync(server, Widget.Definition, Cancellation);
        return (Client<Widget>(server), await server.CreateNamespaceAsync(purpose, Cancellation));
    }
}
