using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Ppma.Controllers.Events;
using Ppma.Controllers.Tests.Requests;

namespace Ppma.Controllers.Tests.Events;

public sealed class EventRecorderTests : IDisposable
{
    private const string Created = """{"metadata":{"name":"e","namespace":"team"}}""";

    private readonly FakeTimeProvider _time = new(DateTimeOffset.Parse("2026-11-23T12:00:00Z", System.Globalization.CultureInfo.InvariantCulture));
    private readonly ScriptedServer _server = new();
    private readonly EventRecorder _recorder;
    private readonly Widget _widget = Widget.Named("a");

    public EventRecorderTests()
    {
        var options = new EventRecorderOptions { Controller = "lab.example/controller", Instance = "pod-1" };
        _recorder = new EventRecorder(_server.Transport(_time), options, _time, _server.Registry, NullLoggerFactory.Instance);
        _widget.Metadata.Uid = "u1";
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _recorder.Dispose();
        _server.Dispose();
    }

    [Fact]
    public async Task Record_ANote_CreatesAnEventAboutTheObject()
    {
        _server.Answer(HttpStatusCode.Created, Created);

        _recorder.Record(_widget, EventSeverity.Warning, "Broken", "it broke");
        await RunToTheEndAsync();

        SentRequest sent = Assert.Single(_server.Requests);
        Assert.Equal(("POST", "/apis/events.k8s.io/v1/namespaces/team/events?fieldManager=ppma-operator"), (sent.Method, sent.Path));
        JsonElement created = JsonDocument.Parse(sent.Body).RootElement;
        Assert.Equal(
            ["lab.example/v1", "Widget", "team", "a", "u1"],
            new[] { "apiVersion", "kind", "namespace", "name", "uid" }.Select(field => created.GetProperty("regarding").GetProperty(field).GetString()));
        Assert.Equal(
            ["Warning", "Broken", "it broke", "lab.example/controller", "pod-1", "2026-11-23T12:00:00.000001Z"],
            new[] { "type", "reason", "note", "reportingController", "reportingInstance", "eventTime" }.Select(field => created.GetProperty(field).GetString()));
        Assert.Matches("^a\\.[0-9a-f]{16}$", created.GetProperty("metadata").GetProperty("name").GetString());
    }

    [Fact]
    public async Task Record_TheSameAgain_CountsOnTheEventThatIsThere()
    {
        _server.Answer(HttpStatusCode.Created, Created).Answer(HttpStatusCode.OK, Created);

        _recorder.Record(_widget, EventSeverity.Normal, "Started", "attempt 1");
        _recorder.Record(_widget, EventSeverity.Normal, "Started", "attempt 1");
        await RunToTheEndAsync();

        Assert.Equal(["POST", "PATCH"], _server.Requests.Select(sent => sent.Method));
        Assert.Equal("application/merge-patch+json", _server.Requests[1].ContentType);
        Assert.Equal("""{"series":{"count":2,"lastObservedTime":"2026-11-23T12:00:00.000001Z"}}""", _server.Requests[1].Body);
        Assert.Equal(1, await CountAsync("counted"));
    }

    [Fact]
    public async Task Record_OnAnEventThatHasExpired_CreatesItAgainWithItsCount()
    {
        _server.Answer(HttpStatusCode.Created, Created).Refuse(HttpStatusCode.NotFound, "NotFound", "gone").Answer(HttpStatusCode.Created, Created);

        _recorder.Record(_widget, EventSeverity.Normal, "Started", "attempt 1");
        _recorder.Record(_widget, EventSeverity.Normal, "Started", "attempt 1");
        await RunToTheEndAsync();

        Assert.Equal(["POST", "PATCH", "POST"], _server.Requests.Select(sent => sent.Method));
        Assert.Contains("\"count\":2", _server.Requests[2].Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Record_WhoseAnswerIsLost_TriesAgainUnderTheSameName()
    {
        _server.Fail(new HttpRequestException("reset")).Refuse(HttpStatusCode.Conflict, "AlreadyExists", "there");

        _recorder.Record(_widget, EventSeverity.Normal, "Started", "attempt 1");
        await _recorder.StartAsync(Cancellation);
        while (_server.Requests.Count < 2)
        {
            await Task.Delay(1, Cancellation);
            _time.Advance(TimeSpan.FromMilliseconds(100));
        }

        await _recorder.StopAsync(Cancellation);
        Assert.Equal(_server.Requests[0].Body, _server.Requests[1].Body);
        Assert.Equal(1, await CountAsync("created"));
    }

    [Fact]
    public async Task Record_ThatIsRefused_IsGivenUpAndTheNextIsWritten()
    {
        _server.Refuse(HttpStatusCode.Forbidden, "Forbidden", "namespace is being terminated").Answer(HttpStatusCode.Created, Created);

        _recorder.Record(_widget, EventSeverity.Normal, "Started", "attempt 1");
        _recorder.Record(_widget, EventSeverity.Normal, "Started", "attempt 2");
        await RunToTheEndAsync();

        Assert.Equal((1, 1), (await CountAsync("failed"), await CountAsync("created")));
    }

    [Fact]
    public async Task Record_MoreThanTheQueueHolds_DropsTheOldestAndCountsThem()
    {
        for (int index = 0; index < 5000; index++)
        {
            _recorder.Record(_widget, EventSeverity.Normal, "Started", $"attempt {index}");
        }

        for (int index = 0; index < 25; index++)
        {
            _server.Answer(HttpStatusCode.Created, Created);
        }

        await RunToTheEndAsync();

        Assert.Equal((904, 25, 4071), (await CountAsync("dropped"), await CountAsync("created"), await CountAsync("suppressed")));
        Assert.Contains("attempt 904\"", _server.Requests[0].Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stop_WhileTheServerDoesNotAnswer_EndsAfterTheFlushTimeout()
    {
        _server.NeverAnswer();
        _recorder.Record(_widget, EventSeverity.Normal, "Started", "attempt 1");
        await _recorder.StartAsync(Cancellation);

        Task stopping = _recorder.StopAsync(Cancellation);
        Assert.False(stopping.IsCompleted);
        _time.Advance(EventRecorder.FlushTimeout);

        await stopping;
    }

    [Fact]
    public async Task Record_AfterTheEnd_DoesNothing()
    {
        await RunToTheEndAsync();

        _recorder.Record(_widget, EventSeverity.Normal, "Started", "too late");

        Assert.Empty(_server.Requests);
    }

    private async Task RunToTheEndAsync()
    {
        await _recorder.StartAsync(Cancellation);
        await _recorder.StopAsync(Cancellation);
    }

    private async Task<double> CountAsync(string result)
    {
        string prefix = $$"""event_recorder_events_total{result="{{result}}"} """;
        string? line = (await _server.ReadMetricsAsync(Cancellation)).Split('\n').FirstOrDefault(text => text.StartsWith(prefix, StringComparison.Ordinal));
        return line is null ? 0 : double.Parse(line[prefix.Length..], System.Globalization.CultureInfo.InvariantCulture);
    }
}
