using Ppma.Learning.Precision;
using Ppma.Learning.Training;
using TorchSharp;

namespace Ppma.Learning.Tests.Training;

[Collection(nameof(GlobalGenerator))]
public sealed class RecomputationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true, ComputePrecision.Float32)]
    [InlineData(false, ComputePrecision.Float32)]
    [InlineData(true, ComputePrecision.BFloat16)]
    [InlineData(false, ComputePrecision.BFloat16)]
    public void Run_BlocksComputedAgain_LearnsBitForBitAsWithBlocksKept(bool masked, ComputePrecision precision)
    {
        var options = new TrainerOptions { Steps = 6, Seed = 5, ClipsPerStep = 2, Precision = precision, AccumulationSteps = 2 };
        using var kept = new TinyTraining(_folder.File("kept")) { Options = options, Masked = masked };
        using var again = new TinyTraining(_folder.File("again")) { Options = options, Masked = masked, RecomputesBlocks = true };

        kept.Train();
        again.Train();

        Assert.Equal(kept.Losses, again.Losses);
        Assert.Equal(kept.Weights, again.Weights);
    }

    [Fact]
    public void Run_BlocksComputedAgain_HoldsAsManyTensorsAsAtFirst()
    {
        var live = new List<long>();
        using var run = new TinyTraining(_folder.Path)
        {
            Options = new TrainerOptions { Steps = 20, Seed = 5, ClipsPerStep = 2, ReportEverySteps = 1 },
            RecomputesBlocks = true,
            AfterStep = (_, _) => live.Add(DisposeScopeManager.Statistics.ThreadTotalLiveCount),
        };

        run.Train();

        Assert.Equal(20, live.Count);
        Assert.Single(live.Skip(1).Distinct());
    }
}
