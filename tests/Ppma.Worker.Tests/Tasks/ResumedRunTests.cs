using Ppma.Api.Tasks;

namespace Ppma.Worker.Tests.Tasks;

/// <summary>Stages that go on from the checkpoints of another run.</summary>
[Collection(nameof(GlobalGenerator))]
public sealed class ResumedRunTests(TinyData data) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Stage_FromAnotherRunsCheckpoint_LeavesItsCurveAndWeights()
    {
        TaskResult ended = TinyTasks.Run(TinyTasks.Mae(_folder.File("ended"), data.Context), TestContext.Current.CancellationToken);

        // As if it had been stopped at step 6.
        Directory.Delete(_folder.File("ended/mae/checkpoints/step-00000009"), recursive: true);
        TaskResult resumed = TinyTasks.Run(Resuming("ended"), TestContext.Current.CancellationToken);

        Assert.Equal(ended.Training!.WeightsDigest, resumed.Training!.WeightsDigest);
        Assert.Equal(File.ReadAllText(_folder.File("ended/mae/curve.jsonl")), File.ReadAllText(_folder.File("resumed/mae/curve.jsonl")));
    }

    [Fact]
    public void Stage_FromARunOfOtherInputs_Is68AndNamesThem()
    {
        TinyTasks.Run(TinyTasks.Mae(_folder.File("ended"), data.Context) with { InputDigest = new string('b', 64) }, TestContext.Current.CancellationToken);

        TinyTasks.Fails(ExitCodes.NoUsableCheckpoint, Resuming("ended"), "step-00000009", "bbbb", "aaaa");
    }

    [Fact]
    public void Stage_FromARunWithoutCheckpoints_Is64() =>
        TinyTasks.Fails(ExitCodes.BadSpec, Resuming("nothing"), "pretrainStage.resume.uri", "nothing");

    private TaskSpec Resuming(string run)
    {
        TaskSpec task = TinyTasks.Mae(_folder.File("resumed"), data.Context);
        return task with
        {
            PretrainStage = task.PretrainStage! with { Resume = new ResumeInput { Uri = new Uri(_folder.File($"{run}/mae/checkpoints")).AbsoluteUri } },
        };
    }
}
