namespace Ppma.Video.Synthesis;

/// <summary>The splits of a synthesised data set. The numbers name random streams: never change or reuse one.</summary>
public enum SyntheticSplit
{
    Train = 1,
    Test = 2,
}
