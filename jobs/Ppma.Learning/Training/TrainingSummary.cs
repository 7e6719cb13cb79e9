using Ppma.Learning.Checkpoints;

namespace Ppma.Learning.Training;

/// <summary>What a finished run leaves.</summary>
/// <param name="State">After the last step.</param>
/// <param name="Checkpoint">The last checkpoint.</param>
public sealed record TrainingSummary(TrainingState State, CheckpointManifest Checkpoint);
