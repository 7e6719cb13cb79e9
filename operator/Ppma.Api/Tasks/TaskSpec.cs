namespace Ppma.Api.Tasks;

/// <summary>
/// One task, fully resolved: a worker needs nothing but this file and the data it names.
/// Attempt, rank and secret paths are not part of it: they come from the environment, so that
/// every attempt reads the same bytes (<c>taskDigest</c> is the SHA-256 of the file).
/// </summary>
public sealed record TaskSpec
{
    /// <summary>The version of this contract; a worker refuses others with exit code 64.</summary>
    public const int CurrentVersion = 1;

    /// <summary>Raised only when golden losses change.</summary>
    public const int CurrentNumericsVersion = 2;

    public int TaskVersion { get; init; } = CurrentVersion;

    public int NumericsVersion { get; init; } = CurrentNumericsVersion;

    public required TaskKind Kind { get; init; }

    /// <summary>The resource this task belongs to.</summary>
    public required RunIdentity Run { get; init; }

    /// <summary>SHA-256 (hex) over the canonical JSON of everything that decides the numbers.</summary>
    public required string InputDigest { get; init; }

    /// <summary>Where this run's files go: URI of the run's own folder, <c>file:</c> or of a blob container (namespace, name and digest included).</summary>
    public required string ArtifactsUri { get; init; }

    /// <summary>Secret and key that open the store of <see cref="ArtifactsUri"/>, as <see cref="DatasetInput.Credentials"/>.</summary>
    public string? ArtifactsCredentials { get; init; }

    public long Seed { get; init; }

    public Precision Precision { get; init; } = Precision.Float32;

    /// <summary>Intra-op threads of libtorch, and decoding threads.</summary>
    public int Threads { get; init; } = 1;

    public CheckpointPolicy Checkpoint { get; init; } = new();

    /// <summary>The worker stops itself with exit code 43 when no step finished for so long.</summary>
    public int ProgressDeadlineSeconds { get; init; } = 600;

    /// <summary>Set when <see cref="Kind"/> is <see cref="TaskKind.PretrainStage"/>.</summary>
    public PretrainStageTask? PretrainStage { get; init; }

    /// <summary>Set when <see cref="Kind"/> is <see cref="TaskKind.Evaluate"/>.</summary>
    public EvaluateTask? Evaluate { get; init; }

    /// <summary>Set when <see cref="Kind"/> is <see cref="TaskKind.VerifyDataset"/>.</summary>
    public VerifyDatasetTask? VerifyDataset { get; init; }

    /// <summary>Every problem at once, each <c>field path: cause and fix</c>; empty when a worker can start.</summary>
    public IReadOnlyList<string> Validate() => TaskValidation.Validate(this);
}
