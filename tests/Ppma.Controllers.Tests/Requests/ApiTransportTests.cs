using System.Net;
using System.Text;
using k8s.Models;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Ppma.Controllers.Leading;
using Ppma.Controllers.Requests;

namespace Ppma.Controllers.Tests.Requests;

public sealed class ApiTransportTests
{
    private static readonly ObjectKey Key = new("team", "a");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Request_OfAnyKind_SaysWhoAsksAndCarriesTheCredentials()
    {
        using ScriptedServer server = new ScriptedServer().Answer(HttpStatusCode.OK, """{"metadata":{"name":"a"}}""");

        await server.Widgets().ReadAsync(Key, Cancellation);

        SentRequest sent = Assert.Single(server.Requests);
        Assert.Equal(("GET", "/apis/lab.example/v1/namespaces/team/widgets/a"), (sent.Method, sent.Path));
        Assert.StartsWith("ppma-operator/", sent.UserAgent, StringComparison.Ordinal);
        Assert.Equal("Bearer secret", sent.Authorization);
    }

    [Fact]
    public async Task Refusal_WithAStatus_TellsReasonMessageAndCauses()
    {
        using ScriptedServer server = new ScriptedServer().Answer(
            HttpStatusCode.UnprocessableEntity,
            """
            {"kind":"Status","reason":"Invalid","message":"Widget \"a\" is invalid","code":422,
             "details":{"causes":[{"reason":"FieldValueInvalid","message":"must be at least 1","field":"spec.size"}]}}
            """);

        ApiException refused = await Assert.ThrowsAsync<ApiException>(() => server.Widgets().CreateAsync(Widget.Named("a"), Cancellation));

        Assert.Equal((HttpStatusCode.UnprocessableEntity, "Invalid", "Widget \"a\" is invalid"), (refused.Code!.Value, refused.Reason, refused.Message));
        Assert.Equal(["spec.size: must be at least 1"], refused.Causes);
        Assert.True(refused.Refused);
    }

    [Fact]
    public async Task Refusal_WithoutAStatus_NamesRequestCodeAndText()
    {
        using ScriptedServer server = new ScriptedServer().Answer(HttpStatusCode.BadGateway, new StringContent("no healthy upstream", Encoding.UTF8, "text/plain"));

        ApiException refused = await Assert.ThrowsAsync<ApiException>(() => server.Widgets().ReadAsync(Key, Cancellation));

        Assert.Equal("GET /apis/lab.example/v1/namespaces/team/widgets/a: 502 Bad Gateway: no healthy upstream", refused.Message);
        Assert.True(refused.Transient);
    }

    [Theory]
    [InlineData("""{"kind":"Status","reason":"TooManyRequests","code":429}""", "7", 7)]
    [InlineData("""{"kind":"Status","reason":"TooManyRequests","code":429,"details":{"retryAfterSeconds":3}}""", null, 3)]
    [InlineData("""{"kind":"Status","reason":"TooManyRequests","code":429}""", null, null)]
    public async Task Refusal_ThatAsksToWait_SaysHowLong(string body, string? header, int? expectedSeconds)
    {
        using ScriptedServer server = new ScriptedServer().Answer(HttpStatusCode.TooManyRequests, body, response =>
        {
            if (header is not null)
            {
                response.Headers.Add("Retry-After", header);
            }
        });

        ApiException refused = await Assert.ThrowsAsync<ApiException>(() => server.Widgets().ReadAsync(Key, Cancellation));

        Assert.Equal(expectedSeconds, (int?)refused.RetryAfter?.TotalSeconds);
    }

    [Fact]
    public async Task Connection_ThatIsRefused_IsNoAnswerAndNamesTheRequest()
    {
        using ScriptedServer server = new ScriptedServer().Fail(new HttpRequestException("An error occurred", new IOException("Connection refused")));

        ApiException failed = await Assert.ThrowsAsync<ApiException>(() => server.Widgets().CreateAsync(Widget.Named("a"), Cancellation));

        Assert.Null(failed.Code);
        Assert.Equal("POST /apis/lab.example/v1/namespaces/team/widgets?fieldManager=ppma-operator: no answer from the API server: Connection refused", failed.Message);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Connection_ThatIsNotMadeInTime_IsNoAnswer()
    {
        using ScriptedServer server = new ScriptedServer().Fail(new TaskCanceledException("cancelled", new TimeoutException("A connection could not be established")));

        ApiException failed = await Assert.ThrowsAsync<ApiException>(() => server.Widgets().ReadAsync(Key, Cancellation));

        Assert.Null(failed.Code);
        Assert.Contains("A connection could not be established", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answer_ThatBreaksOff_IsNoAnswer()
    {
        using ScriptedServer server = new ScriptedServer().AnswerInPieces(["""{"metadata":{"na"""], new HttpIOException(HttpRequestError.ResponseEnded));

        ApiException failed = await Assert.ThrowsAsync<ApiException>(() => server.Widgets().ReadAsync(Key, Cancellation));

        Assert.Null(failed.Code);
    }

    [Fact]
    public async Task Answer_ThatIsCutShort_IsNoObject()
    {
        using ScriptedServer server = new ScriptedServer().Answer(HttpStatusCode.OK, """{"metadata":{"name":"a"},"spec":{""");

        ApiException failed = await Assert.ThrowsAsync<ApiException>(() => server.Widgets().ReadAsync(Key, Cancellation));

        Assert.Null(failed.Code);
        Assert.Contains("cannot be read", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answer_ThatDoesNotCome_IsGivenUpAfterTheTimeout()
    {
        var time = new FakeTimeProvider();
        using ScriptedServer server = new ScriptedServer().NeverAnswer();
        var widgets = new ResourceClient<Widget>(server.Transport(time), leadership: null, NullLogger<ApiTransport>.Instance);

        Task<Widget?> reading = widgets.ReadAsync(Key, Cancellation);
        time.Advance(TimeSpan.FromSeconds(29));
        Assert.False(reading.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(1));
        ApiException failed = await Assert.ThrowsAsync<ApiException>(() => reading);

        Assert.Equal("GET /apis/lab.example/v1/namespaces/team/widgets/a: no answer from the API server within 30 s", failed.Message);
        Assert.Null(failed.Code);
    }

    [Fact]
    public async Task Answer_ThatNobodyWaitsForAnyMore_IsCancelledAndNoFailure()
    {
        using ScriptedServer server = new ScriptedServer().NeverAnswer();
        using var stop = new CancellationTokenSource();

        Task<Widget?> reading = server.Widgets().ReadAsync(Key, stop.Token);
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
    }

    [Fact]
    public async Task Write_WhileNotLeading_SendsNothing()
    {
        using var server = new ScriptedServer();
        ResourceClient<Widget> widgets = server.Widgets(new Follower());
        Widget widget = Widget.Named("a");

        await Assert.ThrowsAsync<LeadershipLostException>(() => widgets.CreateAsync(widget, Cancellation));
        await Assert.ThrowsAsync<LeadershipLostException>(() => widgets.ReplaceAsync(widget, Cancellation));
        await Assert.ThrowsAsync<LeadershipLostException>(() => widgets.UpdateStatusAsync(widget, Cancellation));
        await Assert.ThrowsAsync<LeadershipLostException>(() => widgets.ApplyAsync(widget, Cancellation));
        await Assert.ThrowsAsync<LeadershipLostException>(() => widgets.DeleteAsync(widget, DeletePropagation.Background, Cancellation));

        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task Write_ThatWaitedForTheRateLimit_IsRefusedWhenLeadershipWasLostMeanwhile()
    {
        var time = new FakeTimeProvider();
        using ScriptedServer server = new ScriptedServer().Answer(HttpStatusCode.OK, """{"metadata":{"name":"a"}}""");
        ApiTransport transport = server.Transport(time, new RequestOptions { Client = "ppma-operator", QueriesPerSecond = 1, Burst = 1 });
        var leadership = new Follower { IsLeading = true };
        var widgets = new ResourceClient<Widget>(transport, leadership, NullLogger<ApiTransport>.Instance);
        await widgets.CreateAsync(Widget.Named("a"), Cancellation);

        Task<Widget> second = widgets.CreateAsync(Widget.Named("b"), Cancellation);
        leadership.IsLeading = false;
        time.Advance(TimeSpan.FromSeconds(1));

        await Assert.ThrowsAsync<LeadershipLostException>(() => second);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Lease_BehindABusyRateLimit_DoesNotWait()
    {
        var time = new FakeTimeProvider();
        using ScriptedServer server = new ScriptedServer()
            .Answer(HttpStatusCode.OK, """{"metadata":{"name":"a"}}""").Answer(HttpStatusCode.OK, """{"metadata":{"name":"lease"}}""");
        ApiTransport transport = server.Transport(time, new RequestOptions { Client = "ppma-operator", QueriesPerSecond = 1, Burst = 1 });
        await new ResourceClient<Widget>(transport, leadership: null, NullLogger<ApiTransport>.Instance).ReadAsync(Key, Cancellation);

        var leases = new ResourceClient<V1Lease>(transport.WithoutLimit(TimeSpan.FromSeconds(5)), leadership: null, NullLogger<ApiTransport>.Instance);
        V1Lease? lease = await leases.ReadAsync(new ObjectKey("system", "lease"), Cancellation);

        Assert.Equal("lease", lease?.Metadata.Name);
    }

    [Fact]
    public async Task Requests_WhateverTheirEnd_AreCountedAsKubernetesComponentsCountThem()
    {
        using ScriptedServer server = new ScriptedServer()
            .Answer(HttpStatusCode.OK, """{"metadata":{"name":"a"}}""")
            .Refuse(HttpStatusCode.NotFound, "NotFound", "none")
            .Fail(new HttpRequestException("gone"));
        ResourceClient<Widget> widgets = server.Widgets();

        await widgets.ReadAsync(Key, Cancellation);
        await widgets.ReadAsync(Key, Cancellation);
        await Assert.ThrowsAsync<ApiException>(() => widgets.CreateAsync(Widget.Named("a"), Cancellation));

        string text = await server.ReadMetricsAsync(Cancellation);
        Assert.Contains("""rest_client_requests_total{code="200",method="GET",host="api.example:8080"} 1""", text, StringComparison.Ordinal);
        Assert.Contains("""rest_client_requests_total{code="404",method="GET",host="api.example:8080"} 1""", text, StringComparison.Ordinal);
        Assert.Contains("""rest_client_requests_total{code="<error>",method="POST",host="api.example:8080"} 1""", text, StringComparison.Ordinal);
        Assert.Contains("""rest_client_request_duration_seconds_count{verb="GET",host="api.example:8080"} 2""", text, StringComparison.Ordinal);
        Assert.Contains("""rest_client_request_duration_seconds_bucket{verb="GET",host="api.example:8080",le="0.005"}""", text, StringComparison.Ordinal);
    }

    private sealed class Follower : ILeadership
    {
        public bool IsLeading { get; set; }

        public void Demand()
        {
            if (!IsLeading)
            {
                throw new LeadershipLostException("not leading");
            }
        }
    }
}
