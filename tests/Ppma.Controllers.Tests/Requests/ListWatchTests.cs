using System.Globalization;
using System.Net;
using System.Text;
using CsCheck;
using Ppma.Controllers.Caching;
using Ppma.Controllers.Requests;

namespace Ppma.Controllers.Tests.Requests;

public sealed class ListWatchTests
{
    private const string Newer = """{"metadata":{"name":"newer","namespace":"team","resourceVersion":"8"},"spec":{"colour":"Ultraviolet"}}""";

    private static readonly string Deep = string.Concat(
        """{"metadata":{"name":"deep","namespace":"team","resourceVersion":"7"},"spec":{"later":""",
        string.Concat(Enumerable.Repeat("""{"x":""", 9000)), "1", new string('}', 9000), "}}");

    private static readonly ResourceSelection Team = new() { Namespace = "team", LabelSelector = "part=one,stage!=two" };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task List_FromTheServersCache_IsOneRequestWithoutALimit()
    {
        using ScriptedServer server = new ScriptedServer().Answer(HttpStatusCode.OK, ListOf("17", "", WidgetJson("a"), WidgetJson("b")));

        (string version, List<Widget> widgets) = await ListAsync(server, "0");

        Assert.Equal("17", version);
        Assert.Equal(["a", "b"], widgets.Select(widget => widget.Metadata.Name));
        Assert.Equal("/apis/lab.example/v1/namespaces/team/widgets?labelSelector=part%3Done%2Cstage%21%3Dtwo&resourceVersion=0", Assert.Single(server.Requests).Path);
    }

    [Fact]
    public async Task List_ThroughTheQuorum_GoesOnPageByPage()
    {
        using ScriptedServer server = new ScriptedServer()
            .Answer(HttpStatusCode.OK, ListOf("17", "next/1", WidgetJson("a")))
            .Answer(HttpStatusCode.OK, ListOf("17", "", WidgetJson("b")));

        (_, List<Widget> widgets) = await ListAsync(server, "");

        Assert.Equal(["a", "b"], widgets.Select(widget => widget.Metadata.Name));
        Assert.Equal("/apis/lab.example/v1/namespaces/team/widgets?labelSelector=part%3Done%2Cstage%21%3Dtwo&limit=500&continue=next%2F1", server.Requests[1].Path);
    }

    [Fact]
    public async Task List_WithItemsBeforeMetadataOrNone_IsRead()
    {
        using ScriptedServer server = new ScriptedServer()
            .Answer(HttpStatusCode.OK, """{"apiVersion":"v1","items":[],"kind":"WidgetList","metadata":{"continue":"","resourceVersion":"9"}}""")
            .Answer(HttpStatusCode.OK, """{"metadata":{"resourceVersion":"9"},"items":null}""");

        Assert.Equal("9", (await ListAsync(server, "0")).Version);
        Assert.Equal("9", (await ListAsync(server, "0")).Version);
    }

    [Fact]
    public async Task List_WithAnObjectOfANewerVersion_ReadsTheOthers()
    {
        using ScriptedServer server = new ScriptedServer().Answer(HttpStatusCode.OK, ListOf("17", "", WidgetJson("a"), Newer, WidgetJson("b")));

        (_, List<Widget> widgets) = await ListAsync(server, "0");

        Assert.Equal(["a", "b"], widgets.Select(widget => widget.Metadata.Name));
    }

    [Fact]
    public async Task List_WithAnObjectNestedBeyondMeasure_ReadsTheOthers()
    {
        using ScriptedServer server = new ScriptedServer().Answer(HttpStatusCode.OK, ListOf("17", "", Deep, WidgetJson("b")));

        (_, List<Widget> widgets) = await ListAsync(server, "0");

        Assert.Equal("b", Assert.Single(widgets).Metadata.Name);
    }

    [Fact]
    public async Task Watch_OfAnObjectNestedBeyondMeasure_TakesItForGone()
    {
        using ScriptedServer server = new ScriptedServer().AnswerInPieces([Event("ADDED", Deep), Event("ADDED", WidgetJson("b"))]);

        List<WatchEvent<Widget>> events = await WatchAsync(server);

        Assert.Equal([(WatchEventKind.Deleted, "deep"), (WatchEventKind.Added, "b")], events.Select(happened => (happened.Kind, happened.Object!.Metadata.Name)));
    }

    [Theory]
    [InlineData("""{"metadata":{"resourceVersion":"9"},"items":[{"metadata":{"name":"a"}}""")]
    [InlineData("""{"metadata":{"resourceVersion":"9"},"items":[{"metadata":{"na""")]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("<html>")]
    public async Task List_ThatBreaksOffOrIsNone_Fails(string body)
    {
        using ScriptedServer server = new ScriptedServer().Answer(HttpStatusCode.OK, body);

        ApiException failed = await Assert.ThrowsAsync<ApiException>(() => ListAsync(server, "0"));

        Assert.Null(failed.Code);
        Assert.Contains("GET /apis/lab.example/v1/namespaces/team/widgets", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_InPiecesOfAnySize_ReadsTheSameObjects()
    {
        string body = ListOf("17", "", WidgetJson("a"), WidgetJson("ö", label: new string('x', 300)), WidgetJson("c"));
        byte[] bytes = Encoding.UTF8.GetBytes(body);

        await Gen.Int[1, 80].SampleAsync(async size =>
        {
            using ScriptedServer server = new ScriptedServer().Answer(HttpStatusCode.OK, new StreamContent(new PiecewiseStream(bytes.Chunk(size))));
            (string version, List<Widget> widgets) = await ListAsync(server, "0");
            return version == "17" && widgets.Select(widget => widget.Metadata.Name).SequenceEqual(["a", "ö", "c"]);
        }, iter: 80);
    }

    [Fact]
    public async Task Objects_WhenRead_LoseTheirManagedFieldsAndIgnoreWhatTheyDoNotKnow()
    {
        using ScriptedServer server = new ScriptedServer().Answer(
            HttpStatusCode.OK,
            ListOf("17", "", """{"metadata":{"name":"a","managedFields":[{"manager":"m","fieldsV1":{"f:spec":{}}}],"labels":{"k":"v"}},"spec":{"size":4,"later":{"x":[1]}}}"""));

        Widget widget = Assert.Single((await ListAsync(server, "0")).Widgets);

        Assert.Null(widget.Metadata.ManagedFields);
        Assert.Equal(("v", 4), (widget.Metadata.Labels["k"], widget.Spec.Size));
    }

    [Fact]
    public async Task Watch_OfEvents_GivesThemInOrderWithBookmarks()
    {
        using ScriptedServer server = new ScriptedServer().AnswerInPieces(
        [
            Event("ADDED", WidgetJson("a", version: 18)) + Event("MODIFIED", WidgetJson("a", version: 19))[..20],
            Event("MODIFIED", WidgetJson("a", version: 19))[20..],
            Event("BOOKMARK", """{"kind":"Widget","metadata":{"resourceVersion":"25","creationTimestamp":null},"spec":{"size":0}}"""),
            Event("DELETED", WidgetJson("a", version: 26)),
        ]);

        List<WatchEvent<Widget>> events = await WatchAsync(server);

        Assert.Equal(
            [(WatchEventKind.Added, "18", "a"), (WatchEventKind.Modified, "19", "a"), (WatchEventKind.Bookmark, "25", null), (WatchEventKind.Deleted, "26", "a")],
            events.Select(happened => (happened.Kind, happened.ResourceVersion, happened.Object?.Metadata.Name)));
        Assert.Equal(
            "/apis/lab.example/v1/namespaces/team/widgets?labelSelector=part%3Done%2Cstage%21%3Dtwo&watch=true&allowWatchBookmarks=true&resourceVersion=17&timeoutSeconds=300",
            Assert.Single(server.Requests).Path);
    }

    [Fact]
    public async Task Watch_WithALineOfAMebibyte_ReadsIt()
    {
        string large = new('x', 1 << 20);
        string line = Event("ADDED", WidgetJson("a", label: large));
        using ScriptedServer server = new ScriptedServer().AnswerInPieces(line.Chunk(16 << 10).Select(piece => new string(piece)));

        WatchEvent<Widget> happened = Assert.Single(await WatchAsync(server));

        Assert.Equal(large, happened.Object!.Metadata.Labels["label"]);
    }

    [Fact]
    public async Task Watch_OfAVersionThatIsNoLongerKept_IsExpired()
    {
        using ScriptedServer server = new ScriptedServer().AnswerInPieces(
        [
            Event("ADDED", WidgetJson("a")),
            Event("ERROR", """{"kind":"Status","message":"too old resource version: 1 (198)","reason":"Expired","code":410}"""),
        ]);

        ApiException expired = await Assert.ThrowsAsync<ApiException>(() => WatchAsync(server));

        Assert.True(expired.Expired);
        Assert.Equal("too old resource version: 1 (198)", expired.Message);
    }

    [Theory]
    [InlineData("""{"type":"ADDED","object":{"metadata":{"name":"b","resourceVersion":"19"},"spec":{"size":2}}}""")]
    [InlineData("""{"type":"ADDED","obj""")]
    public async Task Watch_ThatBreaksOffInALine_GivesNoHalfObject(string torn)
    {
        using ScriptedServer server = new ScriptedServer().AnswerInPieces([Event("ADDED", WidgetJson("a")), torn]);
        var seen = new List<string?>();

        ApiException failed = await Assert.ThrowsAsync<ApiException>(() => WatchAsync(server, happened => seen.Add(happened.Object?.Metadata.Name)));

        Assert.Null(failed.Code);
        Assert.Equal(["a"], seen);
    }

    [Fact]
    public async Task Watch_WhoseConnectionBreaks_IsNoAnswer()
    {
        using ScriptedServer server = new ScriptedServer().AnswerInPieces([Event("ADDED", WidgetJson("a"))], new IOException("Connection reset by peer"));

        ApiException failed = await Assert.ThrowsAsync<ApiException>(() => WatchAsync(server));

        Assert.Null(failed.Code);
        Assert.Contains("Connection reset by peer", failed.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("{}")]
    [InlineData("""{"type":"RENAMED","object":{}}""")]
    public async Task Watch_OfALineThatIsNoEvent_Fails(string line)
    {
        using ScriptedServer server = new ScriptedServer().AnswerInPieces([line + "\n"]);

        Assert.Null((await Assert.ThrowsAsync<ApiException>(() => WatchAsync(server))).Code);
    }

    [Fact]
    public async Task Watch_OfAnObjectOfANewerVersion_TakesItForGone()
    {
        using ScriptedServer server = new ScriptedServer().AnswerInPieces([Event("MODIFIED", Newer)]);

        WatchEvent<Widget> happened = Assert.Single(await WatchAsync(server));

        Assert.Equal((WatchEventKind.Deleted, "8", "newer"), (happened.Kind, happened.ResourceVersion, happened.Object!.Metadata.Name));
    }

    [Fact]
    public async Task Watch_ThatIsRefused_IsARefusal()
    {
        using ScriptedServer server = new ScriptedServer().Refuse(HttpStatusCode.Gone, "Expired", "too old");

        Assert.True((await Assert.ThrowsAsync<ApiException>(() => WatchAsync(server))).Expired);
    }

    private static async Task<(string Version, List<Widget> Widgets)> ListAsync(ScriptedServer server, string version)
    {
        var widgets = new List<Widget>();
        return (await server.Widgets().Select(Team).ListAsync(version, widgets.Add, Cancellation), widgets);
    }

    private static async Task<List<WatchEvent<Widget>>> WatchAsync(ScriptedServer server, Action<WatchEvent<Widget>>? each = null)
    {
        var events = new List<WatchEvent<Widget>>();
        await foreach (WatchEvent<Widget> happened in server.Widgets().Select(Team).WatchAsync("17", TimeSpan.FromMinutes(5), Cancellation))
        {
            each?.Invoke(happened);
            events.Add(happened);
        }

        return events;
    }

    private static string Event(string type, string json) => $$"""{"type":"{{type}}","object":{{json}}}""" + "\n";

    private static string WidgetJson(string name, string label = "", int version = 1) => string.Create(
        CultureInfo.InvariantCulture,
        $$$"""{"kind":"Widget","metadata":{"name":"{{{name}}}","namespace":"team","resourceVersion":"{{{version}}}","labels":{"label":"{{{label}}}"}},"spec":{"size":2}}""");

    private static string ListOf(string version, string next, params string[] items) =>
        $$"""{"kind":"WidgetList","metadata":{"resourceVersion":"{{version}}","continue":"{{next}}"},"items":[{{string.Join(',', items)}}]}""";
}
