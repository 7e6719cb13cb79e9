using Ppma.Learning.Precision;
using Ppma.Learning.Training;
using TorchSharp;

namespace Ppma.Learning.Tests.Training;

/// <summary>Training takes no more memory after many steps than after a few.</summary>
[Collection(nameof(GlobalGenerator))]
public sealed class FlatMemoryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<bool, TrainerOptions> EverySwitch => new()
    {
        { true, Options(40) with { ClipNorm = 1, EmaDecay = 0.9 } },
        { false, Options(40) with { ClipNorm = 1, EmaDecay = 0.9, AccumulationSteps = 2, Precision = ComputePrecision.Float16 } },
    };

    [Theory]
    [MemberData(nameof(EverySwitch), DisableDiscoveryEnumeration = true)]
    public void Run_EverythingSwitchedOn_HoldsAsManyTensorsAsAtFirst(bool masked, TrainerOptions options)
    {
        var live = new List<long>();
        using var run = new TinyTraining(_folder.Path)
        {
            Masked = masked, Options = options, AfterStep = (_, _) => live.Add(DisposeScopeManager.Statistics.ThreadTotalLiveCount),
        };

        run.Train();

        Assert.Equal(40, live.Count);
        Assert.Single(live.Skip(1).Distinct());
    }

    [Fact]
    public void Run_5000Steps_HoldsAsManyTensorsAndObjectsAsAfter100()
    {
        var live = new Dictionary<long, (long Tensors, long ManagedBytes)>();
        using var run = new TinyTraining(_folder.Path)
        {
            Options = Options(5000) with { ReportEverySteps = 10 },
            Depth = 1,
            KeepsReports = false,
            AfterStep = (_, step) =>
            {
                if (step is 100 or 5000)
                {
                    live.Add(step, (DisposeScopeManager.Statistics.ThreadTotalLiveCount, GC.GetTotalMemory(forceFullCollection: true)));
                }
            },
        };

        run.Train();

        Assert.Equal(live[100].Tensors, live[5000].Tensors);
        Assert.InRange(live[5000].ManagedBytes - live[100].ManagedBytes, long.MinValue, 100_000);
    }

    private static TrainerOptions Options(int steps) => new() { Steps = steps, Seed = 5, ClipsPerStep = 2, ReportEverySteps = 1 };
}
