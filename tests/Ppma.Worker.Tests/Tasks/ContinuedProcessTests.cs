using Ppma.Api;
using Ppma.Api.Tasks;
using Ppma.Datasets.Indexing;

namespace Ppma.Worker.Tests.Tasks;

/// <summary>Real processes over real data: ended in the middle and started again, they leave what an uninterrupted one leaves.</summary>
[Collection(nameof(GlobalGenerator))]
public sealed class ContinuedProcessTests(TinyData data) : IDisposable
{
    private const int Steps = 60;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("KILL")]
    [InlineData("TERM")]
    public async Task Stage_EndedInTheMiddleAndStartedAgain_LeavesTheSameCurveAndWeights(string signal)
    {
        string task = Write("ended");
        using var first = new WorkerChild(_folder, task, program: "computer");
        await FirstCheckpointAsync("ended", first);
        await first.SignalAsync(signal);
        if (signal == "TERM")
        {
            Assert.Equal(ExitCodes.Interrupted, (await first.EndAsync()).ExitCode);
        }

        Assert.False(File.Exists(_folder.File("ended/mae/result.json")), first.Output);
        using var second = new WorkerChild(_folder, task, attempt: 2, program: "computer");
        TrainingOutcome continued = await DoneAsync(second);
        using var straight = new WorkerChild(_folder, Write("straight"), program: "computer");
        TrainingOutcome uninterrupted = await DoneAsync(straight);

        Assert.Contains("Going on after step", second.Output, StringComparison.Ordinal);
        Assert.Equal(uninterrupted.WeightsDigest, continued.WeightsDigest);
        Assert.Equal(uninterrupted.FinalLoss, continued.FinalLoss);
        Assert.Equal(Curve("straight"), Curve("ended"));
        Assert.Equal(Steps, Curve("ended").Count(letter => letter == '\n'));
    }

    [Fact]
    public async Task Stage_ThreadsOfTheTask_AreThoseOfLibtorch()
    {
        // Other than the number of cores wherever this runs.
        int threads = Environment.ProcessorCount + 1;
        string task = SampleTask.Write(_folder, TinyTasks.Mae(_folder.File("run"), data.Context) with { Threads = threads });
        using var worker = new WorkerChild(_folder, task, program: "computer");

        await DoneAsync(worker);

        Assert.Contains($"\"threads\":\"{threads}\"", File.ReadAllText(_folder.File("run/mae/checkpoints/step-00000009/state.json")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stage_OfRealFootage_Ends66()
    {
        string real = TinyData.Pack(_folder.File("real"), HumanPresence.Real, [], ("train", true));
        string task = SampleTask.Write(_folder, TinyTasks.Mae(_folder.File("run"), TinyData.Input(real, Humans.Real)));
        using var worker = new WorkerChild(_folder, task, program: "computer");

        (int exitCode, TerminationMessage message) = await worker.EndAsync();

        Assert.True(exitCode == ExitCodes.PrivacyViolation, worker.Output);
        Assert.Contains("'real'", message.Error!.Message, StringComparison.Ordinal);
    }

    private string Write(string run)
    {
        TaskSpec task = TinyTasks.Mae(_folder.File(run), data.Context, data.Actions);
        PretrainStageTask stage = task.PretrainStage!;
        return SampleTask.Write(_folder, task with { PretrainStage = stage with { Optimization = stage.Optimization with { Steps = Steps } } });
    }

    private async Task FirstCheckpointAsync(string run, WorkerChild worker)
    {
        await worker.ListeningAsync();
        while (!File.Exists(_folder.File($"{run}/mae/checkpoints/latest.json")))
        {
            Assert.False(File.Exists(_folder.File($"{run}/mae/result.json")), worker.Output);
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
    }

    private string Curve(string run) => File.ReadAllText(_folder.File($"{run}/mae/curve.jsonl"));

    private static async Task<TrainingOutcome> DoneAsync(WorkerChild worker)
    {
        (int exitCode, TerminationMessage message) = await worker.EndAsync();
        Assert.True(exitCode == ExitCodes.Done, worker.Output);
        return message.Result!.Training!;
    }
}
