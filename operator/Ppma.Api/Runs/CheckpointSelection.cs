namespace Ppma.Api.Runs;

/// <summary>Which checkpoint of a stage.</summary>
public enum CheckpointSelection
{
    Last,
    Best,
    Step,
}
