namespace Ppma.Controllers.Requests;

/// <summary>The Status object by which the API server says why not.</summary>
internal sealed record FailureStatus(string? Kind, string? Reason, string? Message, int? Code, FailureDetails? Details)
{
    private const string ExpectedKind = "Status";

    /// <returns>Null when the bytes are no Status.</returns>
    public static FailureStatus? TryRead(ReadOnlySpan<byte> body) =>
        ResourceJson.TryRead<FailureStatus>(body, out _) is { Kind: ExpectedKind } status ? status : null;
}

internal sealed record FailureDetails(IReadOnlyList<FailureCause>? Causes, int? RetryAfterSeconds);

internal sealed record FailureCause(string? Field, string? Message);
