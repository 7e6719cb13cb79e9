using Ppma.Api.Tasks;
using Ppma.Cli.Running;
using Ppma.Worker.Data;

namespace Ppma.Cli.Tests.Running;

/// <summary>Real child processes; shell scripts stand for the worker.</summary>
public sealed class WorkerLauncherTests : IDisposable
{
    private static readonly DataPlaneOptions Data = new() { CacheFolder = "/cache", CacheBytes = 5_000_000, CredentialsFolder = "/secrets" };

    private readonly string _folder = Directory.CreateTempSubdirectory("ppma-launcher-tests-").FullName;
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _kill = new();

    public void Dispose()
    {
        _stop.Dispose();
        _kill.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task RunAsync_WorkerThatFails_GivesItsCodeItsMessageAndItsLog()
    {
        WorkerExit exit = await RunAsync(
            """
            echo "attempt $PPMA_ATTEMPT"; echo "$PPMA_CACHE $PPMA_CACHE_BYTES $PPMA_CREDENTIALS"; echo "no such shard" >&2
            echo '{"error":{"exitCode":65,"reason":"DataDigestMismatch","message":"shard 3"}}' > "$PPMA_TERMINATION_MESSAGE"
            exit 65
            """);

        Assert.Equal((65, "shard 3"), (exit.ExitCode, exit.Error!.Message));
        string log = await File.ReadAllTextAsync(Path.Combine(_folder, "worker.log"), TestContext.Current.CancellationToken);
        Assert.Contains("attempt 7", log, StringComparison.Ordinal);
        Assert.Contains("/cache 5000000 /secrets", log, StringComparison.Ordinal);
        Assert.Contains("no such shard", log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_Stop_ReachesTheWorkerAsSigterm()
    {
        Task<WorkerExit> run = RunAsync("trap 'exit 42' TERM; touch ready; while :; do sleep 0.02; done");
        await ReadyAsync();

        await _stop.CancelAsync();

        Assert.Equal(ExitCodes.Interrupted, (await run).ExitCode);
    }

    [Fact]
    public async Task RunAsync_Kill_EndsAWorkerThatDoesNotListen()
    {
        Task<WorkerExit> run = RunAsync("trap '' TERM; touch ready; while :; do sleep 0.02; done");
        await ReadyAsync();
        await _stop.CancelAsync();

        await _kill.CancelAsync();

        Assert.Equal(137, (await run).ExitCode);
    }

    [Fact]
    public async Task RunAsync_WorkerThatCrashes_SaysNothing()
    {
        // What an earlier attempt said must not be taken for this one's.
        await File.WriteAllTextAsync(
            Path.Combine(_folder, "termination.json"), """{"error":{"exitCode":1,"reason":"Failed","message":"old"}}""", TestContext.Current.CancellationToken);

        WorkerExit exit = await RunAsync("kill -SEGV $$");

        Assert.Equal((139, null), (exit.ExitCode, exit.Error));
    }

    [Fact]
    public async Task RunAsync_NoSuchProgram_SaysWhatIsMissing()
    {
        using var launcher = new WorkerLauncher(Path.Combine(_folder, "missing"), Data, TimeProvider.System);

        var failure = await Assert.ThrowsAsync<TaskFailedException>(() => launcher.RunAsync(
            new WorkerStart("task.json", _folder, 1), _ => { }, CancellationToken.None, CancellationToken.None));

        Assert.Contains("missing' cannot be started", failure.Message, StringComparison.Ordinal);
    }

    private async Task<WorkerExit> RunAsync(string script)
    {
        string program = Path.Combine(_folder, "worker.sh");
        await File.WriteAllTextAsync(program, $"#!/bin/sh\ncd '{_folder}'\n{script}\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        using var launcher = new WorkerLauncher(program, Data, TimeProvider.System);
        return await launcher.RunAsync(new WorkerStart("task.json", _folder, Attempt: 7), _ => { }, _stop.Token, _kill.Token);
    }

    private async Task ReadyAsync()
    {
        while (!File.Exists(Path.Combine(_folder, "ready")))
        {
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }
}
