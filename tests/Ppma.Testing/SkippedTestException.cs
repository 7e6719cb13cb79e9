namespace Ppma.Testing;

/// <summary>Ends a test as skipped, with its reason: the prefix is how xunit v3 lets libraries that do not refer to it say so.</summary>
public sealed class SkippedTestException(string reason) : Exception("$XunitDynamicSkip$" + reason);
