using TorchSharp.Modules;

namespace Ppma.Learning.Optimization;

/// <summary>Parameters that share a weight decay and a factor on the rate.</summary>
public sealed class ParameterGroup
{
    internal ParameterGroup(
        double weightDecay, double rateFactor, IEnumerable<KeyValuePair<string, Parameter>> parameters, string? head = null)
    {
        Head = head;
        WeightDecay = weightDecay;
        RateFactor = rateFactor;
        Parameters = [.. parameters];
    }

    public IReadOnlyList<KeyValuePair<string, Parameter>> Parameters { get; }

    /// <summary>
    /// Of a model with several heads, the one that these parameters belong to (<c>heads.1</c>): steps of other heads leave no gradient here and
    /// move neither parameters nor moments. Null where every step leaves one.
    /// </summary>
    public string? Head { get; }

    /// <summary>Decay a step, multiplied by the rate; may change between steps.</summary>
    public double WeightDecay { get; set; }

    /// <summary>What layer decay leaves of the rate.</summary>
    public double RateFactor { get; }

    /// <summary>A schedule of its own; null for the one of all.</summary>
    public RateSchedule? Schedule { get; init; }

    /// <summary>Rate of the next step, the factor already in it; may change between steps.</summary>
    public double LearningRate { get; set; }
}
