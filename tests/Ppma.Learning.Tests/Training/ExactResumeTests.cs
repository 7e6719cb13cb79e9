using CsCheck;
using Ppma.Learning.Precision;
using Ppma.Learning.Training;

namespace Ppma.Learning.Tests.Training;

/// <summary>A run that was stopped or killed at any steps ends as one that was not, bit for bit, whatever was switched on.</summary>
[Collection(nameof(GlobalGenerator))]
public sealed class ExactResumeTests : IDisposable
{
    private static readonly TrainerOptions Plain =
        new() { Steps = 12, Seed = 5, ClipsPerStep = 2, ReportEverySteps = 3, CheckpointEverySteps = 4 };

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string, TrainerOptions> Options => new()
    {
        { "plain", Plain },
        { "average, clipping and parts", Plain with { EmaDecay = 0.9, ClipNorm = 0.5, AccumulationSteps = 2 } },
        { "half precision, average, clipping and parts", Plain with { Precision = ComputePrecision.Float16, EmaDecay = 0.9, ClipNorm = 0.5, AccumulationSteps = 2 } },
    };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Options), DisableDiscoveryEnumeration = true)]
    public void Run_StoppedAtAnyStepsAndContinued_EndsAsTheUninterruptedOne(string name, TrainerOptions options)
    {
        using var straight = Attempt(_folder.File("straight"), options, []);
        string digest = straight.Train().Checkpoint.ModelDigest;
        Assert.True(straight.Reported.Count(step => step.Skipped != SkippedUpdate.None) == 2, name);

        // At each number of steps one attempt ends: asked to stop where it is even, killed where it is odd.
        Gen.Int[1, 11].Array[1, 3].Sample(
            stops =>
            {
                var losses = new SortedDictionary<long, float>();
                using var folder = new TemporaryFolder();
                foreach (int stop in stops.Distinct().Order())
                {
                    End(folder.Path, options, losses, stop);
                }

                using var last = Attempt(folder.Path, options, losses);
                return last.Train().Checkpoint.ModelDigest == digest
                    && losses.SequenceEqual(straight.Losses)
                    && last.Weights.All(weight => weight.Value.SequenceEqual(straight.Weights[weight.Key]));
            },
            iter: 5,
            threads: 1);
    }

    // Two steps whose gradients are none: in half precision they are overflows, and the scale changes.
    private static TinyTraining Attempt(
        string folder, TrainerOptions options, SortedDictionary<long, float> losses, Action<TinyTraining, long>? afterStep = null) =>
        new(folder) { Options = options, Losses = losses, HasFaultyGradient = step => step is 3 or 8, AfterStep = afterStep ?? ((_, _) => { }) };

    private static void End(string folder, TrainerOptions options, SortedDictionary<long, float> losses, int step)
    {
        using TinyTraining run = Attempt(folder, options, losses, (run, done) =>
        {
            if (done == step && step % 2 == 0)
            {
                run.Stop();
            }

            Assert.True(done != step || step % 2 == 0, "killed");
        });
        Assert.ThrowsAny<Exception>(() => run.Train());
    }
}
