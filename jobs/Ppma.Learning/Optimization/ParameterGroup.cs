using TorchSharp.Modules;

namespace Ppma.Learning.Optimization;

/// <summary>Parameters that share a weight decay and a factor on the rate.</summary>
public sealed class ParameterGroup
{
    internal ParameterGroup(double weightDecay, double rateFactor, IEnumerable<KeyValuePair<string, Parameter>> parameters)
    {
        WeightDecay = weightDecay;
        RateFactor = rateFactor;
        Parameters = [.. parameters];
    }

    public IReadOnlyList<KeyValuePair<string, Parameter>> Parameters { get; }

    /// <summary>Decay a step, multiplied by the rate; may change between steps.</summary>
    public double WeightDecay { get; set; }

    /// <summary>What layer decay leaves of the rate.</summary>
    public double RateFactor { get; }

    /// <summary>Rate of the next step, the factor already in it; may change between steps.</summary>
    public double LearningRate { get; set; }
}
