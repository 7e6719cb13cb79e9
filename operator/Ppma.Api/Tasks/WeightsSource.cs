namespace Ppma.Api.Tasks;

/// <summary>Where a task's initial weights come from.</summary>
public enum WeightsSource
{
    /// <summary>Initialised from the seed.</summary>
    Random,

    /// <summary>The last checkpoint of an earlier stage of the same run.</summary>
    Stage,

    /// <summary>A checkpoint elsewhere, named by URI and digest.</summary>
    Checkpoint,

    /// <summary>Several checkpoints made into one model.</summary>
    Ensemble,
}
