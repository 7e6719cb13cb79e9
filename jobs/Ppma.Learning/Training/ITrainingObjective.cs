using Ppma.Learning.Models;
using static TorchSharp.torch;

namespace Ppma.Learning.Training;

/// <summary>A model and what it is trained to do.</summary>
public interface ITrainingObjective
{
    VideoModel Model { get; }

    /// <summary>The loss of one batch: a float32 scalar with a graph.</summary>
    Tensor Loss(Batch batch);
}
