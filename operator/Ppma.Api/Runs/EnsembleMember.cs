using Ppma.Api.Schemas;

namespace Ppma.Api.Runs;

/// <summary>One model of an ensemble: exactly one member is set.</summary>
[Rule("has(self.fromRun) != has(self.fromCheckpoint)", "write exactly one of fromRun, fromCheckpoint")]
public sealed record EnsembleMember
{
    /// <summary>A checkpoint of a PretrainRun.</summary>
    public RunWeights? FromRun { get; init; }

    /// <summary>A checkpoint of any origin.</summary>
    public CheckpointWeights? FromCheckpoint { get; init; }
}
