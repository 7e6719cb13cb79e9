using System.Net;
using k8s.Models;
using Ppma.Controllers.Caching;
using Ppma.Controllers.Requests;

namespace Ppma.Controllers.Tests.Requests;

public sealed class ResourcesTests : IDisposable
{
    private readonly ScriptedServer _server = new();
    private readonly Memory _cache = new();
    private readonly Resources<Widget> _widgets;

    public ResourcesTests() => _widgets = new Resources<Widget>(_server.Widgets(), _cache, _cache);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _server.Dispose();

    [Fact]
    public async Task Create_AnObject_SendsWhatItIsAndPutsTheAnswerIntoTheCache()
    {
        _server.Answer(HttpStatusCode.Created, """{"metadata":{"name":"a","namespace":"team","resourceVersion":"5"}}""");

        await _widgets.CreateAsync(Widget.Named("a"), Cancellation);

        SentRequest sent = Assert.Single(_server.Requests);
        Assert.Equal(("POST", "/apis/lab.example/v1/namespaces/team/widgets?fieldManager=ppma-operator"), (sent.Method, sent.Path));
        Assert.StartsWith("""{"apiVersion":"lab.example/v1","kind":"Widget","metadata":{"name":"a","namespace":"team"}""", sent.Body, StringComparison.Ordinal);
        Assert.Equal(["observed a at 5"], _cache.Told);
    }

    [Fact]
    public async Task Create_UnderATakenName_SaysSoAndLeavesTheCacheAlone()
    {
        _server.Refuse(HttpStatusCode.Conflict, "AlreadyExists", "widgets a already exists");

        ApiException taken = await Assert.ThrowsAsync<ApiException>(() => _widgets.CreateAsync(Widget.Named("a"), Cancellation));

        Assert.True(taken.AlreadyExists);
        Assert.Empty(_cache.Told);
    }

    [Fact]
    public async Task TryCreate_AnObject_IsADryRunAndNoNewsForTheCache()
    {
        _server.Answer(HttpStatusCode.Created, """{"metadata":{"name":"a","resourceVersion":"5"}}""");

        await _widgets.TryCreateAsync(Widget.Named("a"), Cancellation);

        Assert.Equal("/apis/lab.example/v1/namespaces/team/widgets?dryRun=All&fieldManager=ppma-operator", Assert.Single(_server.Requests).Path);
        Assert.Empty(_cache.Told);
    }

    [Fact]
    public async Task List_OfASelection_AsksTheServerAndIsNoNewsForTheCache()
    {
        _server.Answer(HttpStatusCode.OK, """{"metadata":{"resourceVersion":"9"},"items":[{"metadata":{"name":"a"}},{"metadata":{"name":"b"}}]}""");

        IReadOnlyList<Widget> found = await _widgets.ListAsync(new() { Namespace = "team", FieldSelector = "size=big" }, Cancellation);

        Assert.Equal(["a", "b"], found.Select(widget => widget.Metadata.Name));
        Assert.Equal("/apis/lab.example/v1/namespaces/team/widgets?fieldSelector=size%3Dbig&limit=500", Assert.Single(_server.Requests).Path);
        Assert.Empty(_cache.Told);
    }

    [Fact]
    public async Task Apply_AnObject_IsAServerSideApplyByForce()
    {
        _server.Answer(HttpStatusCode.OK, """{"metadata":{"name":"a","resourceVersion":"5"}}""");

        await _widgets.ApplyAsync(Widget.Named("a"), Cancellation);

        SentRequest sent = Assert.Single(_server.Requests);
        Assert.Equal(
            ("PATCH", "/apis/lab.example/v1/namespaces/team/widgets/a?force=true&fieldManager=ppma-operator", "application/apply-patch+yaml"),
            (sent.Method, sent.Path, sent.ContentType));
        Assert.Equal(["observed a at 5"], _cache.Told);
    }

    [Fact]
    public async Task UpdateStatus_OfAnObject_SendsIdentityVersionAndStatusAlone()
    {
        _server.Answer(HttpStatusCode.OK, """{"metadata":{"name":"a","resourceVersion":"6"}}""");
        Widget widget = Widget.Named("a");
        (widget.Metadata.Uid, widget.Metadata.ResourceVersion, widget.Metadata.Labels) = ("u1", "5", new Dictionary<string, string> { ["part"] = "one" });
        widget.Status = new WidgetStatus { Note = "done" };

        await _widgets.UpdateStatusAsync(widget, Cancellation);

        SentRequest sent = Assert.Single(_server.Requests);
        Assert.Equal(("PUT", "/apis/lab.example/v1/namespaces/team/widgets/a/status?fieldManager=ppma-operator"), (sent.Method, sent.Path));
        Assert.Equal(
            """{"apiVersion":"lab.example/v1","kind":"Widget","metadata":{"name":"a","namespace":"team","resourceVersion":"5","uid":"u1"},"status":{"note":"done"}}""",
            sent.Body);
        Assert.Equal(["observed a at 6"], _cache.Told);
    }

    [Fact]
    public async Task UpdateStatus_OfAnOlderVersion_IsAConflictAndNoNewsForTheCache()
    {
        _server.Refuse(HttpStatusCode.Conflict, "Conflict", "the object has been modified");

        ApiException conflict = await Assert.ThrowsAsync<ApiException>(() => _widgets.UpdateStatusAsync(Widget.Named("a"), Cancellation));

        Assert.True(conflict.Conflict);
        Assert.Empty(_cache.Told);
    }

    [Fact]
    public async Task Delete_AnObject_NamesItsUidAndIsGone()
    {
        _server.Answer(HttpStatusCode.OK, """{"kind":"Status","status":"Success"}""");

        await DeleteAsync(DeletePropagation.Background);

        SentRequest sent = Assert.Single(_server.Requests);
        Assert.Equal(("DELETE", "/apis/lab.example/v1/namespaces/team/widgets/a"), (sent.Method, sent.Path));
        Assert.Equal("""{"apiVersion":"v1","kind":"DeleteOptions","preconditions":{"uid":"u1"},"propagationPolicy":"Background"}""", sent.Body);
        Assert.Equal(["gone a"], _cache.Told);
    }

    [Fact]
    public async Task Delete_AnObjectThatWaitsForOthers_IsSeenEnding()
    {
        _server.Answer(HttpStatusCode.OK, """{"kind":"Widget","metadata":{"name":"a","resourceVersion":"7","deletionTimestamp":"2026-11-23T12:00:00Z"}}""");

        await DeleteAsync(DeletePropagation.Foreground);

        Assert.Contains("\"Foreground\"", _server.Requests[0].Body, StringComparison.Ordinal);
        Assert.Equal(["observed a at 7"], _cache.Told);
    }

    [Theory]
    [InlineData(HttpStatusCode.NotFound, "NotFound")]
    [InlineData(HttpStatusCode.Conflict, "Conflict")]
    public async Task Delete_AnObjectThatIsGoneOrReplaced_IsNoError(HttpStatusCode code, string reason)
    {
        _server.Refuse(code, reason, "not this one");

        await DeleteAsync(DeletePropagation.Background);

        Assert.Equal(["gone a"], _cache.Told);
    }

    [Fact]
    public async Task Read_PastTheCache_GivesNullForNoneAndFailsForNoSuchKind()
    {
        _server.Refuse(HttpStatusCode.NotFound, "NotFound", "widgets a not found").Answer(HttpStatusCode.NotFound, new StringContent("404 page not found"));

        Assert.Null(await _widgets.ReadAsync(new ObjectKey("team", "a"), Cancellation));
        ApiException unknown = await Assert.ThrowsAsync<ApiException>(() => _widgets.ReadAsync(new ObjectKey("team", "a"), Cancellation));

        Assert.Contains("CustomResourceDefinition", unknown.Message, StringComparison.Ordinal);
    }

    private Task DeleteAsync(DeletePropagation propagation)
    {
        Widget widget = Widget.Named("a");
        widget.Metadata.Uid = "u1";
        return _widgets.DeleteAsync(widget, propagation, Cancellation);
    }

    private sealed class Memory : IResourceCache<Widget>, IOwnWrites<Widget>
    {
        public List<string> Told { get; } = [];

        public IReadOnlyCollection<Widget> All => [];

        public Widget? Find(ObjectKey key) => null;

        public IReadOnlyList<Widget> OwnedBy(string uid) => [];

        public IReadOnlyList<Widget> Indexed(string index, string value) => [];

        public void Observe(Widget written) => Told.Add($"observed {written.Name()} at {written.ResourceVersion()}");

        public void ObserveDeleted(Widget deleted) => Told.Add($"gone {deleted.Name()}");
    }
}
