namespace Ppma.Api.Resolution;

/// <summary>A PretrainRun that another run needs.</summary>
/// <param name="Path">The field that names it, such as <c>spec.weights.fromRun</c>.</param>
/// <param name="Name">Its name, in the same namespace.</param>
/// <param name="Stage">The stage whose weights are taken; null for the last.</param>
/// <param name="Resumes">Whether the run itself is continued: then it must have ended, well or not.</param>
public sealed record RunReference(string Path, string Name, string? Stage, bool Resumes);
