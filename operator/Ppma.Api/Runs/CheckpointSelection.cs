namespace Ppma.Api.Runs;

/// <summary>Which checkpoint of a stage.</summary>
public enum CheckpointSelection
{
    /// <summary>The last.</summary>
    Last,

    /// <summary>The one that did best on the stage's validation set; needs checkpoint.best in that run.</summary>
    Best,

    /// <summary>The one of a certain step; needs checkpoint.keepEverySteps in that run.</summary>
    Step,
}
