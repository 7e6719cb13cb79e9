using Ppma.Api.Evaluation;
using Ppma.Api.Pretraining;
using Ppma.Api.Runs;

namespace Ppma.Api.Resolution;

/// <summary>Which PretrainRuns a run needs before it can be resolved.</summary>
public static class RunReferences
{
    /// <returns>In the order of the manifest; empty for a run that starts from no other, and for what is no run.</returns>
    public static IReadOnlyList<RunReference> Of(IResource resource) => resource switch
    {
        PretrainRun { Spec: var spec } => [.. Weights(spec.Weights), .. Resumed(spec.ResumeFrom)],
        EvalRun { Spec: var spec } => [.. Weights(spec.Weights)],
        _ => [],
    };

    private static IEnumerable<RunReference> Weights(WeightsSpec? weights) =>
        weights?.Runs().Select(run => new RunReference($"spec.weights.{run.Field}", run.Source.Name, run.Source.Stage, Resumes: false)) ?? [];

    private static IEnumerable<RunReference> Resumed(ResumeSource? source) =>
        source?.Run is { } run ? [new RunReference("spec.resumeFrom.run", run.Name, Stage: null, Resumes: true)] : [];
}
