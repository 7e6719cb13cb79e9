using Ppma.Learning.Checkpoints;
using Ppma.Learning.Training;

namespace Ppma.Learning.Tests.Training;

/// <summary>A run that keeps a moving average of its weights hands that on.</summary>
[Collection(nameof(GlobalGenerator))]
public sealed class WeightAverageRunTests : IDisposable
{
    private const string Weight = "heads.0.0.weight";
    private static readonly TrainerOptions Averaging = new() { Steps = 8, Seed = 5, ClipsPerStep = 2, EmaDecay = 0.5 };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Run_WithAnAverage_LearnsAsWithoutAndHandsTheAverageOn()
    {
        using var plain = new TinyTraining(_folder.File("plain")) { Options = Averaging with { EmaDecay = 0 } };
        using var averaging = new TinyTraining(_folder.File("averaging")) { Options = Averaging };

        plain.Train();
        averaging.Train();

        Assert.Equal(plain.Losses, averaging.Losses);
        using StoredCheckpoint checkpoint = averaging.LoadCheckpoint()!;
        Assert.Equal(plain.Weights[Weight], Read(checkpoint, "weights"));
        Assert.Equal(averaging.Weights[Weight], Read(checkpoint, TensorGroup.Model));
        Assert.NotEqual(plain.Weights[Weight], averaging.Weights[Weight]);
    }

    [Fact]
    public void Run_InspectedWithAnAverage_ShowsIt()
    {
        float[]? seen = null;
        using var run = new TinyTraining(_folder.Path)
        {
            Options = Averaging, InspectEverySteps = 8, OnInspect = (_, model) => seen = model.Parameters[Weight].data<float>().ToArray(),
        };

        run.Train();

        Assert.Equal(run.Weights[Weight], seen);
    }

    private static float[] Read(StoredCheckpoint checkpoint, string group) =>
        checkpoint.Groups.Single(stored => stored.Name == group).Tensors[Weight].data<float>().ToArray();
}
