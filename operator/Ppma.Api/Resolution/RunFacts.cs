using Ppma.Api.Pretraining;
using Ppma.Api.Recipes;
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

    /// <summary>
    /// What a run's own resource tells of the stages that are done: enough to start from them, also when its Jobs and task files are gone.
    /// </summary>
    /// <returns>Null before the first stage is done.</returns>
    public static RunFacts? Of(PretrainRun run)
    {
        if (run.Status is not { Privacy: { } privacy, ArtifactsUri: { } artifacts } status)
        {
            return null;
        }

        var stages = status.Stages
            .Where(stage => stage is { State: StageState.Succeeded, Checkpoint: not null })
            .Select(stage => Stage(run.Spec, stage, path => FileUris.Below(artifacts, path)))
            .OfType<StageFacts>()
            .ToList();
        return stages.Count == 0 ? null : new RunFacts
        {
            Model = ModelPresets.Resolve(run.Spec.Model),
            Privacy = privacy,
            Credentials = run.Spec.Artifacts?.Credentials?.Secret?.Reference,
            Stages = stages,
        };
    }

    private static StageFacts? Stage(PretrainRunSpec spec, StageStatus status, Func<string, string> uri)
    {
        if (spec.Stages.FirstOrDefault(stage => stage.Name == status.Name)?.Objective is not { } objective)
        {
            return null;
        }

        IEnumerable<CheckpointStatus> kept = [.. status.Kept ?? [], status.Checkpoint!];
        return new(status.Name, objective, uri(status.Checkpoint!.Path), status.Checkpoint.Digest)
        {
            Checkpoints = [
                .. kept.Where(one => one.Step != status.Best?.Step).Select(one => new CheckpointFacts(one.Step, uri(one.Path), one.Digest, Best: false)),
                .. status.Best is { } best ? [new CheckpointFacts(best.Step, uri(best.Path), best.Digest, Best: true)] : Array.Empty<CheckpointFacts>(),
            ],
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
