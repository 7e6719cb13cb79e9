namespace Ppma.Api.Runs;

/// <summary>Which end of a metric is better.</summary>
public enum BestMode
{
    Max,
    Min,
}
