namespace Ppma.Api.Runs;

/// <summary>Which end of a metric is better.</summary>
public enum BestMode
{
    /// <summary>The larger.</summary>
    Max,

    /// <summary>The smaller.</summary>
    Min,
}
