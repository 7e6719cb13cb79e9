namespace Ppma.Api.Tasks;

/// <summary>The newest durable checkpoint of a running task.</summary>
/// <param name="Step">Steps that were done when it was taken.</param>
/// <param name="Time">When it became durable.</param>
public sealed record ProgressCheckpoint(long Step, DateTimeOffset Time);
