using Ppma.Api.Pretraining;
using Ppma.Api.Tasks;

namespace Ppma.Api.Resolution;

/// <summary>A run that ended, for another to go on from: same weights at the start, same numbers in every stage.</summary>
internal sealed class ResumedRun
{
    private readonly ResolutionContext _context;
    private readonly ResolvedRun _ended;

    private ResumedRun(ResolutionContext context, ResolvedRun ended)
    {
        _context = context;
        _ended = ended;
    }

    /// <summary>What the ended run started from; for the gate it is as clean as that run was.</summary>
    public WeightsResolver.KnownWeights Weights => new(
        _ended.Tasks[0].Spec.PretrainStage!.Weights,
        [PrivacyGate.FromRun(_ended.Identity.Name, _ended.InputDigest, _ended.Privacy!)],
        Model: null);

    /// <summary>The run that <c>resumeFrom</c> names, or null after saying that it cannot be continued.</summary>
    public static ResumedRun? Find(ResolutionContext context, PretrainRunSpec spec)
    {
        var name = spec.ResumeFrom!.Run!.Name;
        if (context.Ended(name) is not { } ended)
        {
            context.Problem("spec.resumeFrom.run.name", $"PretrainRun \"{name}\" has not ended; only a run that is over can be continued by another");
            return null;
        }

        if (ended.Tasks.Count != spec.Stages.Count)
        {
            context.Problem("spec.stages", $"has {spec.Stages.Count} stages and PretrainRun \"{name}\", which is to be continued, {ended.Tasks.Count}");
            return null;
        }

        return new(context, ended);
    }

    /// <summary>The tasks, each going on from the checkpoints of its stage; as they were, after saying why, when they compute other numbers.</summary>
    public List<(string Name, TaskSpec Task)> Continue(IReadOnlyList<(string Name, TaskSpec Task)> tasks)
    {
        var continued = new List<(string Name, TaskSpec Task)>();
        for (var i = 0; i < tasks.Count; i++)
        {
            var (name, task) = tasks[i];
            var there = _ended.Tasks[i];
            if (InputDigest.Differences(task, there.Spec) is { Count: > 0 } differences)
            {
                _context.Problem(
                    $"spec.stages[{i}]",
                    $"differs from stage \"{there.Name}\" of PretrainRun \"{_ended.Identity.Name}\", which is to be continued: {string.Join("; ", differences.Take(8))}; make them equal, or start from its weights (weights.fromRun)");
            }

            continued.Add((name, task with
            {
                PretrainStage = task.PretrainStage! with
                {
                    Resume = new() { Uri = _ended.CheckpointsOf(there.Name), Credentials = there.Spec.ArtifactsCredentials },
                },
            }));
        }

        return continued;
    }
}
