namespace Ppma.Api.Tasks;

/// <summary>
/// What a worker leaves in the container's termination message: at most 4 KiB of JSON.
/// Exactly one of <see cref="Result"/> and <see cref="Error"/> is set.
/// </summary>
public sealed record TerminationMessage
{
    /// <summary>Kubernetes cuts a container's message here.</summary>
    public const int MaxBytes = 4096;

    public TaskResult? Result { get; init; }

    public TaskError? Error { get; init; }
}
