using Ppma.Api.Runs;
using Ppma.Api.Tasks;

namespace Ppma.Api.Resolution;

/// <summary>What the finished stages of a PretrainRun left behind.</summary>
public sealed record RunFacts
{
    public required ModelShape Model { get; init; }

    public required IReadOnlyList<StageFacts> Stages { get; init; }

    /// <summary>Secret and key that open the store of its artifacts, as <see cref="DatasetInput.Credentials"/>.</summary>
    public string? Credentials { get; init; }

    /// <summary>What its own privacy gate decided.</summary>
    public required PrivacyStatus Privacy { get; init; }

    /// <summary>The facts of a run from the results of its first tasks, in their order: a stage can be built on before the run ends.</summary>
    /// <exception cref="ArgumentException">The results are not those of the run's first tasks.</exception>
    public static RunFacts From(ResolvedRun run, IReadOnlyList<TaskResult> results)
    {
        if (results.Count == 0 || results.Count > run.Tasks.Count || run.Tasks.Zip(results).Any(pair => pair.First.TaskDigest != pair.Second.TaskDigest))
        {
            throw new ArgumentException($"The results are not those of {run.Identity.Kind} {run.Identity.Name}: their task digests differ.", nameof(results));
        }

        return new RunFacts
        {
            Model = run.Tasks[0].Spec.PretrainStage!.Model,
            Privacy = run.Privacy!,
            Credentials = run.Tasks[0].Spec.ArtifactsCredentials,
            Stages = [.. run.Tasks.Zip(results, (task, result) => Stage(run, task, result.Training!))],
        };
    }

    private static StageFacts Stage(ResolvedRun run, ResolvedTask task, TrainingOutcome training) => new(
        task.Name,
        task.Spec.PretrainStage!.Objective,
        FileUris.Below(run.ArtifactsUri, training.Checkpoint),
        training.WeightsDigest)
    {
        Checkpoints = [.. (training.Checkpoints ?? []).Select(kept =>
            new CheckpointFacts(kept.Step, FileUris.Below(run.ArtifactsUri, kept.Path), kept.Digest, kept.Best))],
    };
}
