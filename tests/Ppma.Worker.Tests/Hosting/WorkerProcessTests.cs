using System.Net;
using System.Net.Sockets;
using Ppma.Api.Tasks;

namespace Ppma.Worker.Tests.Hosting;

/// <summary>Real processes: what a kubelet or <c>ppma run</c> sees of a worker.</summary>
public sealed class WorkerProcessTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Task_ThatSucceeds_LeavesResultRecordAndMessage()
    {
        string task = Write("steps=5");
        using var worker = new WorkerChild(_folder, task);

        (int exitCode, TerminationMessage message) = await worker.EndAsync();

        Assert.True(exitCode == ExitCodes.Done, worker.Output);
        string digest = TaskJson.Digest(await File.ReadAllBytesAsync(task, TestContext.Current.CancellationToken));
        Assert.Equal(digest, message.Result!.TaskDigest);
        Assert.Equal(5, message.Result.Dataset!.Samples);
        Assert.Equal(TaskJson.Serialize(message.Result), await ReadAsync("result.json"));
        Assert.Contains("\"cpu\"", System.Text.Encoding.UTF8.GetString(await ReadAsync("record.json")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("fail=67", 67, "Diverged", "Data set 'figures' said no")]
    [InlineData("fail=65", 65, "DataDigestMismatch", "Data set 'figures' said no")]
    [InlineData("throw", 1, "Failed", "the shelf is empty")]
    [InlineData("diskFull", 40, "StorageOrNetwork", "No space left in")]
    public async Task Task_ThatFails_EndsWithItsCodeAndOneMessage(string script, int exitCode, string reason, string words)
    {
        using var worker = new WorkerChild(_folder, Write(script));

        (int actual, TerminationMessage message) = await worker.EndAsync();

        Assert.Equal(exitCode, actual);
        Assert.Equal((exitCode, reason), (message.Error!.ExitCode, message.Error.Reason));
        Assert.Contains(words, message.Error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder.File("run/result.json")));
    }

    [Theory]
    [InlineData("{", "$")]
    [InlineData("[]", "taskVersion")]
    [InlineData("""{"taskVersion": 9}""", "taskVersion")]
    [InlineData("""{"taskVersion": "1"}""", "taskVersion")]
    [InlineData("""{"taskVersion": 1, "colour": "red"}""", "colour")]
    [InlineData("""{"taskVersion": 1, "kind": "Paint"}""", "kind")]
    [InlineData("""{"taskVersion": 1, "kind": "VerifyDataset"}""", "inputDigest")]
    public async Task TaskFile_ThatIsWrong_Ends64NamingTheField(string json, string field)
    {
        string task = _folder.File("task.json");
        await File.WriteAllTextAsync(task, json, TestContext.Current.CancellationToken);
        using var worker = new WorkerChild(_folder, task);

        (int exitCode, TerminationMessage message) = await worker.EndAsync();

        Assert.Equal(ExitCodes.BadSpec, exitCode);
        Assert.Contains(field, message.Error!.Message, StringComparison.Ordinal);
        Assert.Contains(task, message.Error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task Signal_WhileStepping_StopsAt42AndTheNextAttemptContinues(string signal)
    {
        string task = Write("steps=200;stepMilliseconds=20");
        using var first = new WorkerChild(_folder, task);
        await first.SteppingAsync();

        await first.SignalAsync(signal);
        (int exitCode, TerminationMessage message) = await first.EndAsync();

        Assert.True(exitCode == ExitCodes.Interrupted, first.Output);
        Assert.Equal("Interrupted", message.Error!.Reason);
        long stoppedAt = TaskJson.Deserialize<int>(await ReadAsync("step.json"));
        using var second = new WorkerChild(_folder, task, attempt: 2);
        (exitCode, message) = await second.EndAsync();
        Assert.Equal(ExitCodes.Done, exitCode);
        Assert.Equal(200 - stoppedAt, message.Result!.Dataset!.Samples);
    }

    [Fact]
    public async Task Result_OfTheSameTask_IsAnsweredWithoutComputing()
    {
        string task = Write("steps=2");
        using var first = new WorkerChild(_folder, task);
        (_, TerminationMessage done) = await first.EndAsync();
        DateTime written = File.GetLastWriteTimeUtc(_folder.File("run/result.json"));

        using var second = new WorkerChild(_folder, task, attempt: 2);
        (int exitCode, TerminationMessage message) = await second.EndAsync();

        Assert.Equal(ExitCodes.Done, exitCode);
        Assert.Equal(TaskJson.Serialize(done), TaskJson.Serialize(message));
        Assert.Equal(written, File.GetLastWriteTimeUtc(_folder.File("run/result.json")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("""{"taskDigest": "of another""")]
    [InlineData("""{"taskDigest":"other","inputDigest":"i","kind":"VerifyDataset","startTime":"2026-01-01T00:00:00Z","completionTime":"2026-01-01T00:00:00Z"}""")]
    public async Task Result_ThatIsTornOrOfAnotherTask_IsNotTrusted(string json)
    {
        Directory.CreateDirectory(_folder.File("run"));
        await File.WriteAllTextAsync(_folder.File("run/result.json"), json, TestContext.Current.CancellationToken);

        using var worker = new WorkerChild(_folder, Write("steps=2"));
        (int exitCode, TerminationMessage message) = await worker.EndAsync();

        Assert.Equal(ExitCodes.Done, exitCode);
        Assert.Equal(2, message.Result!.Dataset!.Samples);
        Assert.Equal(TaskJson.Serialize(message.Result), await ReadAsync("result.json"));
    }

    [Fact]
    public async Task TwoProcesses_OfOneAttempt_ExactlyOneRuns()
    {
        string task = Write("steps=40;stepMilliseconds=50");
        using var one = new WorkerChild(_folder, task);
        using var other = new WorkerChild(_folder, task);

        (int ExitCode, TerminationMessage _)[] ends = await Task.WhenAll(one.EndAsync(), other.EndAsync());

        Assert.Equal([ExitCodes.Done, ExitCodes.Superseded], ends.Select(end => end.ExitCode).Order());
    }

    [Fact]
    public async Task HigherAttempt_WhileALowerOneRuns_TakesOver()
    {
        string task = Write("steps=100;stepMilliseconds=20");
        using var lower = new WorkerChild(_folder, task, attempt: 1);
        await lower.SteppingAsync();
        using var higher = new WorkerChild(_folder, task, attempt: 2);

        (int exitCode, TerminationMessage message) = await lower.EndAsync();

        Assert.Equal(ExitCodes.Superseded, exitCode);
        Assert.Contains("attempt 2", message.Error!.Message, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Done, (await higher.EndAsync()).ExitCode);
    }

    [Fact]
    public async Task KilledProcess_OfTheSameAttempt_LeavesNoClaimBehind()
    {
        string task = Write("steps=100;stepMilliseconds=20");
        using var killed = new WorkerChild(_folder, task);
        await killed.SteppingAsync();
        await killed.SignalAsync("KILL");

        using var next = new WorkerChild(_folder, task);

        Assert.Equal(ExitCodes.Done, (await next.EndAsync()).ExitCode);
    }

    [Fact]
    public async Task Endpoints_WhileRunning_AnswerProgressMetricsAndHealth()
    {
        using var worker = new WorkerChild(_folder, Write("steps=200;stepMilliseconds=20"));
        TaskProgress progress = await worker.SteppingAsync();
        using var http = new HttpClient { BaseAddress = await worker.ListeningAsync() };

        string metrics = await http.GetStringAsync("/metrics", TestContext.Current.CancellationToken);

        Assert.Equal(("counting", 200), (progress.Phase, progress.TotalSteps));
        string[] names =
        [
            "ppma_step ", "ppma_loss ", "ppma_clips_total ", "ppma_progress_ratio ", "ppma_damaged_clips_total ", "ppma_step_seconds_bucket",
            "ppma_batch_wait_seconds_bucket", "ppma_cache_hits_total ", "ppma_stream_bytes_total ",
        ];
        Assert.All(names, name => Assert.Contains($"\n{name}", metrics, StringComparison.Ordinal));

        Assert.Equal("ok\n", await http.GetStringAsync("/healthz", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Port_ThatIsTaken_Ends64NamingIt()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        int port = ((IPEndPoint)taken.LocalEndpoint).Port;
        using var worker = new WorkerChild(_folder, Write("steps=1"), port: port);

        (int exitCode, TerminationMessage message) = await worker.EndAsync();

        Assert.Equal(ExitCodes.BadSpec, exitCode);
        Assert.Contains($"Port {port} is taken", message.Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Folder_ThatCannotBeWritten_Ends40NamingIt()
    {
        // A file where a folder should be refuses root as well.
        await File.WriteAllTextAsync(_folder.File("run"), "", TestContext.Current.CancellationToken);
        using var worker = new WorkerChild(_folder, Write("steps=1"));

        (int exitCode, TerminationMessage message) = await worker.EndAsync();

        Assert.Equal(ExitCodes.StorageOrNetwork, exitCode);
        Assert.Contains(_folder.File("run"), message.Error!.Message, StringComparison.Ordinal);
    }

    private string Write(string script) => SampleTask.Write(_folder, SampleTask.Scripted(_folder.Path, script));

    private Task<byte[]> ReadAsync(string name) => File.ReadAllBytesAsync(_folder.File($"run/{name}"));
}
