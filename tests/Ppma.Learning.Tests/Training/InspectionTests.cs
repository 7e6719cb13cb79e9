using Ppma.Learning.Models;
using Ppma.Learning.Training;
using TorchSharp;

namespace Ppma.Learning.Tests.Training;

/// <summary>Looks at the model between two steps, as validation does.</summary>
[Collection(nameof(GlobalGenerator))]
public sealed class InspectionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Run_InspectedNowAndThen_EndsWithTheWeightsOfOneThatIsNot()
    {
        var looks = new List<(long Step, bool Training, bool WithGradients)>();
        using var watched = new TinyTraining(_folder.File("watched"))
        {
            InspectEverySteps = 4,
            OnInspect = (step, model) =>
            {
                looks.Add((step, model.Training, torch.is_grad_enabled()));

                // As an evaluation with other needs of libtorch's generator would.
                torch.rand(3);
                using var video = TinyModels.Video();
                ((VideoClassifier)model).Forward(video);
            },
        };
        using var alone = new TinyTraining(_folder.File("alone"));

        watched.Train();
        alone.Train();

        Assert.Equal([(4, false, false), (8, false, false), (12, false, false)], looks);
        Assert.Equal(alone.Losses, watched.Losses);
        Assert.Equal(alone.Weights, watched.Weights);
    }

    [Fact]
    public void Run_InspectedAndSavedAtOneStep_IsInspectedFirst()
    {
        var order = new List<string>();
        using var training = new TinyTraining(_folder.Path)
        {
            InspectEverySteps = 4,
            OnInspect = (step, _) => order.Add($"look {step}"),
            OnSave = step => order.Add($"save {step}"),
        };

        training.Train();

        Assert.Equal(["look 4", "save 4", "look 8", "save 8", "look 12", "save 12"], order);
    }

    [Fact]
    public void Run_StoppedDuringTheLastInspection_LooksAgainInTheNextAttempt()
    {
        Action stop = () => { };
        using var stopped = new TinyTraining(_folder.Path)
        {
            InspectEverySteps = 12,
            OnInspect = (_, _) =>
            {
                stop();
                throw new OperationCanceledException();
            },
        };
        stop = stopped.Stop;
        var looks = new List<long>();
        using var next = new TinyTraining(_folder.Path) { InspectEverySteps = 12, OnInspect = (step, _) => looks.Add(step) };

        Assert.Throws<TrainingInterruptedException>(stopped.Train);
        next.Train();

        Assert.Equal([12L], looks);
    }
}
