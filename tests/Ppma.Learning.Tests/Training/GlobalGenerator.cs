namespace Ppma.Learning.Tests.Training;

/// <summary>
/// A training step seeds libtorch's global generator, and counts of live tensors are global too: such tests run alone.
/// </summary>
[CollectionDefinition(nameof(GlobalGenerator), DisableParallelization = true)]
public sealed class GlobalGenerator;
