using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Ppma.Operator.Progress;

namespace Ppma.Operator.Tests.Progress;

public sealed class ProgressClientTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly ProgressClient _client;

    public ProgressClientTests() => _client = new ProgressClient(Options.Create(new ProgressOptions()), _time);

    public void Dispose() => _client.Dispose();

    [Fact]
    public async Task Ask_Worker_GivesItsProgress()
    {
        await using var worker = ScriptedWorker.Saying(Answers.Json(Answers.At(120)));

        var reply = await AskAsync(worker.Uri);

        Assert.Null(reply.Problem);
        Assert.Equal(120, reply.Progress!.Step);
    }

    [Fact]
    public async Task Ask_NewerWorkerWithMoreToSay_TakesWhatItKnows()
    {
        await using var worker = ScriptedWorker.Saying(Answers.Json(Answers.At(7)).Replace("{\"phase\"", "{\"temperature\":[1,{\"of\":\"what\"}],\"phase\"", StringComparison.Ordinal));

        Assert.Equal(7, (await AskAsync(worker.Uri)).Progress!.Step);
    }

    [Fact]
    public async Task Ask_WorkerThatNeverAnswers_EndsAtTheTimeout()
    {
        var asked = new TaskCompletionSource();
        await using var worker = new ScriptedWorker(async (_, token) =>
        {
            asked.SetResult();
            await Task.Delay(Timeout.Infinite, token);
        });

        var reply = AskAsync(worker.Uri);
        await asked.Task;
        Assert.False(reply.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal("does not answer within 2 s", (await reply).Problem);
    }

    [Fact]
    public async Task Ask_WorkerThatTrickles_EndsAtTheTimeoutToo()
    {
        await using var worker = new ScriptedWorker(async (stream, token) =>
        {
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"u8.ToArray(), token);
            while (true)
            {
                await stream.WriteAsync(" "u8.ToArray(), token);
                _time.Advance(TimeSpan.FromSeconds(0.5));
                await Task.Yield();
            }
        });

        Assert.Equal("does not answer within 2 s", (await AskAsync(worker.Uri)).Problem);
    }

    [Fact]
    public async Task Ask_WorkerThatSendsElsewhere_GoesNowhere()
    {
        await using var elsewhere = ScriptedWorker.Saying(Answers.Json(Answers.At(1)));
        await using var worker = ScriptedWorker.Replying($"HTTP/1.1 302 Found\r\nLocation: {elsewhere.Uri}\r\nContent-Length: 0\r\n\r\n");

        Assert.Equal("answers with HTTP 302", (await AskAsync(worker.Uri)).Problem);
        Assert.Empty(elsewhere.Requests);
    }

    [Fact]
    public async Task Ask_Twice_CarriesNoCookieBack()
    {
        var json = Answers.Json(Answers.At(1));
        await using var worker = ScriptedWorker.Replying($"HTTP/1.1 200 OK\r\nSet-Cookie: who=worker\r\nContent-Length: {json.Length}\r\n\r\n{json}");

        await AskAsync(worker.Uri);
        await AskAsync(worker.Uri);

        Assert.Equal(2, worker.Requests.Count);
        Assert.DoesNotContain(worker.Requests, request => request.Contains("Cookie", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Ask_LongestAnswer_IsRead()
    {
        var json = Answers.Json(Answers.At(3));
        await using var worker = ScriptedWorker.Saying(json.PadRight(ProgressAnswer.MaxBytes));

        Assert.Equal(3, (await AskAsync(worker.Uri)).Progress!.Step);
    }

    [Fact]
    public async Task Ask_OneByteMore_IsNot()
    {
        await using var worker = ScriptedWorker.Saying(Answers.Json(Answers.At(3)).PadRight(ProgressAnswer.MaxBytes + 1));

        Assert.Equal("answers with more than 64 KiB", (await AskAsync(worker.Uri)).Problem);
    }

    [Fact]
    public async Task Ask_AnswerWithoutEnd_IsLeft()
    {
        await using var worker = new ScriptedWorker(async (stream, token) =>
        {
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"u8.ToArray(), token);
            var chunk = Encoding.ASCII.GetBytes($"400\r\n{new string(' ', 1024)}\r\n");
            while (true)
            {
                await stream.WriteAsync(chunk, token);
            }
        });

        Assert.Equal("answers with more than 64 KiB", (await AskAsync(worker.Uri)).Problem);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{\"phase\":", "cannot be asked: ")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Le", "cannot be asked: ")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\n<html>no</html>", "answers with what is no progress: ")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{\"step\":1", "answers with what is no progress: ")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{\"step\":1}", "answers with what is no progress: ")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nnull", "answers with what is no progress: The document is null")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "answers with what is no progress: ")]
    [InlineData("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n", "answers with HTTP 503")]
    public async Task Ask_AnswerThatIsNone_IsAProblemInWords(string response, string problem)
    {
        await using var worker = new ScriptedWorker(async (stream, token) =>
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes(response), token);
            stream.Close();
        });

        var reply = await AskAsync(worker.Uri);

        Assert.Null(reply.Progress);
        Assert.StartsWith(problem, reply.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ask_NobodyListens_IsAProblemInWords()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        taken.Stop();

        var reply = await AskAsync(new Uri($"http://127.0.0.1:{port}/progress"));

        Assert.StartsWith("cannot be asked: Connection refused", reply.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ask_Cancelled_SaysSoAndNothingElse()
    {
        using var stop = new CancellationTokenSource();
        await using var worker = new ScriptedWorker(async (_, token) =>
        {
            await stop.CancelAsync();
            await Task.Delay(Timeout.Infinite, token);
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _client.AskAsync(worker.Uri, stop.Token));
    }

    private Task<ProgressReply> AskAsync(Uri uri) => _client.AskAsync(uri, TestContext.Current.CancellationToken);
}
