namespace Ppma.Operator.Tests.Runs;

/// <summary>The operator's process ended in the middle of a request.</summary>
internal sealed class ProcessKilledException() : Exception("killed");
