using Ppma.Api.Manifests;

namespace Ppma.Api.Resolution;

/// <summary>A run as it would be resolved.</summary>
/// <param name="Run">The manifest.</param>
/// <param name="Resolution">Its tasks, or what stands in the way. Digests of data that was not read, and of weights, are invented.</param>
public sealed record RunForecast(Manifest Run, RunResolution Resolution);
