namespace Ppma.Api.Tasks;

/// <summary>The newest durable checkpoint of a running task.</summary>
/// <param name="Step">Steps that were done when it was taken.</param>
/// <param name="Time">When it became durable.</param>
/// <param name="Path">Its folder, relative to the run's artifacts.</param>
/// <param name="Digest">SHA-256 (hex) of its <c>model.safetensors</c>.</param>
public sealed record ProgressCheckpoint(long Step, DateTimeOffset Time, string Path, string Digest);
