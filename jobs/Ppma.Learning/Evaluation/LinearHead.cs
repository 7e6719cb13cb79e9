using Ppma.Datasets.Randomness;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Ppma.Learning.Evaluation;

/// <summary>A linear classifier over features: weights N(0, 0.01²), bias 0 at first.</summary>
public sealed class LinearHead : IDisposable
{
    private const double InitialDeviation = 0.01;

    public LinearHead(long dim, int classes, long seed)
    {
        var random = new PhiloxStream(seed, RandomPurpose.Initialisation);
        var values = new float[classes * dim];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = (float)(random.NextGaussian() * InitialDeviation);
        }

        using var weight = tensor(values, [classes, dim]);
        using var bias = zeros(classes);
        Weight = (Parameter)new Parameter(weight.clone(), requires_grad: true).DetachFromDisposeScope();
        Bias = (Parameter)new Parameter(bias.clone(), requires_grad: true).DetachFromDisposeScope();
    }

    /// <summary>(classes, D).</summary>
    public Parameter Weight { get; }

    /// <summary>(classes).</summary>
    public Parameter Bias { get; }

    /// <summary>Features (…, D) to logits (…, classes).</summary>
    public Tensor Apply(Tensor features) => nn.functional.linear(features, Weight, Bias);

    /// <summary>(clips · classes): the logits of each clip's views, averaged.</summary>
    public float[] Logits(ClipFeatures clips)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        return Apply(clips.Features).mean([1]).contiguous().data<float>().ToArray();
    }

    /// <summary>Counts every clip.</summary>
    public AccuracyCounter Score(ClipFeatures clips)
    {
        var logits = Logits(clips);
        var classes = (int)Bias.shape[0];
        var counter = new AccuracyCounter(classes);
        for (var clip = 0; clip < clips.Clips; clip++)
        {
            counter.Add(logits.AsSpan(clip * classes, classes), clips.Labels[clip]);
        }

        return counter;
    }

    public void Dispose()
    {
        Weight.Dispose();
        Bias.Dispose();
    }
}
