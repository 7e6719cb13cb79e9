namespace Ppma.Operator.Progress;

/// <summary>Which attempt of which stage of which run.</summary>
/// <param name="RunUid">The run's UID.</param>
/// <param name="Stage">The stage's name, or <c>evaluate</c>.</param>
/// <param name="Attempt">From 1.</param>
internal readonly record struct AttemptKey(string RunUid, string Stage, int Attempt);
