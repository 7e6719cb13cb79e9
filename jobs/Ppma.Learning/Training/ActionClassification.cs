using Ppma.Learning.Models;
using Ppma.Learning.Objectives;
using static TorchSharp.torch;

namespace Ppma.Learning.Training;

/// <summary>Stage 2, fine-tuning and probing: cross-entropy with soft targets.</summary>
public sealed class ActionClassification(ClipClassifier model) : ITrainingObjective
{
    public VideoModel Model => model;

    public Tensor Loss(Batch batch)
    {
        var targets = batch.Targets ?? throw new ArgumentException("A batch for classification needs targets.", nameof(batch));
        return SoftCrossEntropy.Loss(model.Forward(batch.Video, batch.Head), targets);
    }
}
