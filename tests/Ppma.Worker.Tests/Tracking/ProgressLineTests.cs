using Ppma.Api.Tasks;
using Ppma.Worker.Tracking;

namespace Ppma.Worker.Tests.Tracking;

public sealed class ProgressLineTests
{
    private static readonly TaskProgress _first = new() { Phase = "training", Step = 1, TotalSteps = 2400, LastProgressTime = default };

    [Fact]
    public void Of_AllThatIsKnown_IsOneLine()
    {
        TaskProgress progress = _first with
        {
            Step = 120,
            Loss = 0.81237,
            LearningRate = 0.00012,
            ClipsPerSecond = 41.26,
            EtaSeconds = 93_784.6,
            WaitShare = 0.034,
            GradientNorm = 1.25,
            SkippedUpdates = 2,
            Mfu = 0.412,
            Validation = new Dictionary<string, double> { ["top1"] = 0.5 },
            Checkpoint = new ProgressCheckpoint(100, default, "mae/checkpoints/step-100", ""),
        };

        Assert.Equal(
            "training 120/2400  loss 0.8124  rate 1.20e-4  41.3 clips/s  eta 26:03:04  waiting 3 %  gradient 1.25  skipped 2  mfu 41.2 %  top1 0.5  checkpoint 100",
            ProgressLine.Of(progress));
    }

    [Fact]
    public void Of_FirstStep_LeavesOutWhatIsNotKnown() => Assert.Equal("training 1/2400", ProgressLine.Of(_first));
}
