using Ppma.Api.Tasks;

namespace Ppma.Worker.Tests.Tasks;

/// <summary>Real processes, ended again and again at steps that are drawn: the losses are those of one that was not.</summary>
[Collection(nameof(GlobalGenerator))]
public sealed class EndedAnywhereTests(TinyData data) : IDisposable
{
    private const int Steps = 60;
    private const int Ends = 10;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("mae")]
    [InlineData("align")]
    public async Task Stage_EndedAtDrawnSteps_LeavesTheLossesOfOneThatWasNot(string stage)
    {
        int[] steps = [.. Random.Shared.GetItems([.. Enumerable.Range(1, Steps - 10)], Ends).Order()];
        TestContext.Current.SendDiagnosticMessage($"{stage} is ended at the steps {string.Join(", ", steps)}");
        string ended = Write("ended", stage);
        for (int i = 0; i < Ends; i++)
        {
            using var worker = new WorkerChild(_folder, ended, attempt: i + 1, program: "computer");
            await worker.SteppingAsync(steps[i]);
            bool isAsked = i % 2 == 0;
            await worker.SignalAsync(isAsked ? "TERM" : "KILL");
            if (isAsked)
            {
                Assert.True((await worker.EndAsync()).ExitCode == ExitCodes.Interrupted, worker.Output);
            }
        }

        TrainingOutcome continued = await DoneAsync(ended, attempt: Ends + 1);
        TrainingOutcome straight = await DoneAsync(Write("straight", stage), attempt: 1);

        string drawn = string.Join(", ", steps);
        Assert.True(Curve("straight", stage) == Curve("ended", stage), $"ended at {drawn}");
        Assert.Equal(Steps, Curve("ended", stage).Count(letter => letter == '\n'));
        Assert.Equal(straight.WeightsDigest, continued.WeightsDigest);
    }

    private string Write(string run, string stage)
    {
        TaskSpec task = stage == "mae"
            ? TinyTasks.Mae(_folder.File(run), data.Context, data.Actions)
            : TinyTasks.Classify(_folder.File(run), weights: null, data.Actions);
        PretrainStageTask pretrain = task.PretrainStage!;
        return SampleTask.Write(_folder, task with
        {
            // The gradient scaler's state has to come back too.
            Precision = stage == "mae" ? Precision.Float32 : Precision.Float16,
            Checkpoint = new CheckpointPolicy { EverySteps = 7 },
            PretrainStage = pretrain with
            {
                Optimization = pretrain.Optimization with { Steps = Steps, EmaDecay = 0.99, AccumulationSteps = 2 },
            },
        });
    }

    private async Task<TrainingOutcome> DoneAsync(string task, int attempt)
    {
        using var worker = new WorkerChild(_folder, task, attempt, program: "computer");
        (int exitCode, TerminationMessage message) = await worker.EndAsync();
        Assert.True(exitCode == ExitCodes.Done, worker.Output);
        return message.Result!.Training!;
    }

    private string Curve(string run, string stage) => File.ReadAllText(_folder.File($"{run}/{stage}/curve.jsonl"));
}
