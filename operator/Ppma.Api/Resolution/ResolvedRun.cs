using Ppma.Api.Runs;
using Ppma.Api.Tasks;

namespace Ppma.Api.Resolution;

/// <summary>A run with no reference left.</summary>
public sealed record ResolvedRun
{
    public required RunIdentity Identity { get; init; }

    /// <summary>The last task's: it covers those before, since each task's digest takes in that of the one it starts from.</summary>
    public required string InputDigest { get; init; }

    /// <summary>The run's own folder, ending in <c>/</c>.</summary>
    public required string ArtifactsUri { get; init; }

    /// <summary>In the order they are to run.</summary>
    public required IReadOnlyList<ResolvedTask> Tasks { get; init; }

    /// <summary>PretrainRun: what the privacy gate decided; never Refused.</summary>
    public PrivacyStatus? Privacy { get; init; }

    /// <summary>The folder of a stage's checkpoints.</summary>
    public string CheckpointsOf(string stage) => FileUris.Below(ArtifactsUri, $"{stage}/checkpoints");
}
