namespace Ppma.Worker.Tests.Tasks;

/// <summary>A training step seeds libtorch's global generator: tests that train in this process run alone.</summary>
[CollectionDefinition(nameof(GlobalGenerator), DisableParallelization = true)]
public sealed class GlobalGenerator : ICollectionFixture<TinyData>;
