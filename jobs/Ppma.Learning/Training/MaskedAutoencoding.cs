using Ppma.Learning.Models;
using Ppma.Learning.Objectives;
using static TorchSharp.torch;

namespace Ppma.Learning.Training;

/// <summary>Stage 1: predict the masked patches.</summary>
public sealed class MaskedAutoencoding(MaskedAutoencoder model) : ITrainingObjective
{
    public VideoModel Model => model;

    public Tensor Loss(Batch batch)
    {
        var mask = batch.Mask ?? throw new ArgumentException("A batch for masked autoencoding needs a mask.", nameof(batch));
        return MaskedReconstruction.Loss(model.Forward(batch.Video, mask), batch.Video, model.Options, mask);
    }
}
