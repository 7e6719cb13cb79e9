using Ppma.Learning.Interop;
using Ppma.Learning.Models;
using static TorchSharp.torch;

namespace Ppma.Learning.Optimization;

/// <summary>
/// Exponential moving average of a model's weights: smoother than the weights themselves, and so what is handed on. Begins as a copy.
/// </summary>
public sealed class WeightAverage : IDisposable
{
    private readonly VideoModel model;
    private readonly double decay;
    private readonly string[] names;
    private readonly Tensor[] weights;
    private readonly Tensor[] averages;

    /// <param name="model">Whose weights are averaged; frozen ones are their own average.</param>
    /// <param name="decay">Share of the average that one update keeps, above 0 and below 1.</param>
    public WeightAverage(VideoModel model, double decay)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(decay, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(decay, 1);
        this.model = model;
        this.decay = decay;
        var trained = model.TrainableParameters.ToList();
        names = [.. trained.Select(parameter => parameter.Key)];
        weights = [.. trained.Select(parameter => parameter.Value)];
        averages = [.. weights.Select(weight => weight.detach().clone().DetachFromDisposeScope())];
    }

    /// <summary>What the average leaves of the model: all that a checkpoint of the model holds, averages in the place of weights.</summary>
    public IReadOnlyDictionary<string, Tensor> Averaged
    {
        get
        {
            var all = model.State.ToDictionary();
            for (int i = 0; i < names.Length; i++)
            {
                all[names[i]] = averages[i];
            }

            return all;
        }
    }

    /// <summary>The weights themselves, without which training does not go on. The tensors stay the model's own.</summary>
    public IReadOnlyDictionary<string, Tensor> Weights => names.Zip(weights, KeyValuePair.Create).ToDictionary();

    /// <summary>Begins anew with the weights as they are.</summary>
    public void Restart() => Move(1);

    /// <summary>Takes the weights after one more step into the average.</summary>
    public void Update() => Move(1 - decay);

    /// <summary>Puts the averages into the model and keeps its weights; the next call puts things back.</summary>
    public void Exchange()
    {
        using var noGradient = no_grad();
        for (int i = 0; i < weights.Length; i++)
        {
            using Tensor kept = weights[i].clone();
            weights[i].copy_(averages[i]);
            averages[i].copy_(kept);
        }
    }

    public void Dispose()
    {
        foreach (var average in averages)
        {
            average.Dispose();
        }
    }

    private void Move(double share)
    {
        using var noGradient = no_grad();
        FusedKernels.LerpInPlace(averages, weights, share);
    }
}
