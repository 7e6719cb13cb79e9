namespace Ppma.Learning.Training;

/// <summary>Why a step left the weights as they were.</summary>
public enum SkippedUpdate
{
    /// <summary>It did not.</summary>
    None,

    /// <summary>The loss is no finite number.</summary>
    Loss,

    /// <summary>The loss is finite, a gradient is not.</summary>
    Gradient,

    /// <summary>Half precision: a gradient left the range at the present loss scale, which is halved. No fault of the data.</summary>
    Overflow,
}
