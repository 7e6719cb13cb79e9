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
    public static void Load(VideoModel model, IReadOnlyDictionary<string, Tensor> weights, WeightSelection selection = WeightSelection.Everything)
    {
        var state = model.State.Where(entry => selection.Takes(entry.Key)).ToDictionary();
        var taken = weights.Where(entry => selection.Takes(entry.Key)).ToDictionary();
        Check(state, taken);
        using var noGradient = no_grad();
        foreach (var (name, tensor) in state)
        {
            tensor.copy_(taken[name]);
        }
    }

    private static void Check(Dictionary<string, Tensor> state, Dictionary<string, Tensor> weights)
    {
        List<string> problems =
        [
            .. state.Keys.Where(name => !weights.ContainsKey(name)).Order(StringComparer.Ordinal).Select(name => $"missing '{name}'"),
            .. weights.Keys.Where(name => !state.ContainsKey(name)).Order(StringComparer.Ordinal).Select(name => $"unexpected '{name}'"),
            .. state.Where(entry => weights.TryGetValue(entry.Key, out var given) && !given.shape.AsSpan().SequenceEqual(entry.Value.shape))
                .Select(entry =>
                    $"'{entry.Key}' has shape ({string.Join(", ", weights[entry.Key].shape)}), the model's is ({string.Join(", ", entry.Value.shape)})"),
        ];
        if (problems.Count > 0)
        {
            throw new WeightsMismatchException(problems);
        }
    }
}
