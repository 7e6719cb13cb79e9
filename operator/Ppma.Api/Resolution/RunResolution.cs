using Ppma.Api.Manifests;

namespace Ppma.Api.Resolution;

/// <summary>A resolved run, or every reason why there is none.</summary>
/// <param name="Run">Null when there are problems.</param>
/// <param name="Problems">What has to be changed first.</param>
/// <param name="Warnings">What a person should know although the run can start.</param>
public sealed record RunResolution(ResolvedRun? Run, IReadOnlyList<ManifestProblem> Problems, IReadOnlyList<string> Warnings);
