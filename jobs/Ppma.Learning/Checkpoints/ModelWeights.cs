using Ppma.Learning.Models;
using static TorchSharp.torch;

namespace Ppma.Learning.Checkpoints;

/// <summary>Copies weights by name into a model.</summary>
public static class ModelWeights
{
    /// <summary>
    /// Copies <paramref name="weights"/> into <paramref name="model"/>, in whatever precision they are. Nothing is copied unless
    /// everything fits.
    /// </summary>
    /// <param name="model">Keeps its own numbers where <paramref name="selection"/> leaves a weight out.</param>
    /// <param name="weights">By published name.</param>
    /// <param name="selection">Which weights are taken; all of them by default.</param>
    /// <exception cref="WeightsMismatchException">A weight is missing, unexpected or of another shape; all of them are named.</exception>
    public static void Load(VideoModel model, IReadOnlyDictionary<string, Tensor> weights, WeightSelection selection = WeightSelection.Everything) =>
        NamedTensors.Copy(Select(weights, selection), Select(model.State, selection));

    private static Dictionary<string, Tensor> Select(IReadOnlyDictionary<string, Tensor> weights, WeightSelection selection) =>
        weights.Where(entry => selection.Takes(entry.Key)).ToDictionary();
}
