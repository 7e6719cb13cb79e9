namespace Ppma.Video.Tests.Loading;

/// <summary>How many tensors live is known for the whole process only: tests that count them run alone.</summary>
[CollectionDefinition(nameof(LiveTensors), DisableParallelization = true)]
public sealed class LiveTensors;
