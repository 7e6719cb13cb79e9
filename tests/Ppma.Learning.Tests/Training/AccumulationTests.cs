using Ppma.Learning.Training;

namespace Ppma.Learning.Tests.Training;

[Collection(nameof(GlobalGenerator))]
public sealed class AccumulationTests : IDisposable
{
    private static readonly TrainerOptions Whole = new() { Steps = 6, Seed = 5, ClipsPerStep = 2 };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Run_BatchInParts_LearnsAsFromTheWholeBatch(bool masked)
    {
        // Stochastic depth would draw otherwise for parts than for the whole.
        using var whole = new TinyTraining(_folder.File("whole")) { Options = Whole, Masked = masked, DropPath = 0 };
        using var parts = new TinyTraining(_folder.File("parts")) { Options = Whole with { AccumulationSteps = 2 }, Masked = masked, DropPath = 0 };

        whole.Train();
        parts.Train();

        Assert.All(whole.Losses, loss => Assert.Equal(loss.Value, parts.Losses[loss.Key], 1e-5 * Math.Abs(loss.Value)));
        Assert.All(whole.Reported.Zip(parts.Reported), pair => Assert.Equal(pair.First.GradientNorm, pair.Second.GradientNorm, 1e-3 * pair.First.GradientNorm));
    }

    [Fact]
    public void Run_PartsThatDoNotDivideTheBatch_SaysSo()
    {
        using var run = new TinyTraining(_folder.Path) { Options = Whole with { AccumulationSteps = 3 } };

        var error = Assert.Throws<ArgumentException>(() => run.Train());

        Assert.Contains("A batch of 2 clips cannot be cut into 3 equal parts", error.Message, StringComparison.Ordinal);
    }
}
