using Ppma.Learning.Models;
using Ppma.Learning.Training;
using static TorchSharp.torch;

namespace Ppma.Learning.Tests.Training;

/// <summary>Gives the loss of another objective; now and then its gradients are no numbers.</summary>
internal sealed class FaultyObjective(ITrainingObjective inner, Func<bool> isFaulty) : ITrainingObjective
{
    public VideoModel Model => inner.Model;

    public Tensor Loss(Batch batch)
    {
        Tensor loss = inner.Loss(batch);

        // The root's slope at 0 is infinite, and 0 times that is no number.
        return isFaulty() ? loss + (loss * 0).sqrt() : loss;
    }
}
