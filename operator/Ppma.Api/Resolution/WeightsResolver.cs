using Ppma.Api.Runs;
using Ppma.Api.Tasks;
using Ppma.Api.Validation;

namespace Ppma.Api.Resolution;

/// <summary>From what a manifest says of weights to files with digests.</summary>
internal sealed class WeightsResolver(ResolutionContext context)
{
    private const string Root = "spec.weights";

    /// <summary>A classifier's final norm is part of its features; an MAE's belongs to its decoder's input and is left behind.</summary>
    public static bool HasNorm(Objective? objective) => objective == Objective.ActionClassification;

    /// <summary>Where weights come from, or null after saying why they cannot be had. Random when nothing is said.</summary>
    public KnownWeights? Resolve(WeightsSpec? weights) => weights switch
    {
        { FromEnsemble: { } ensemble } => Ensemble(ensemble, $"{Root}.fromEnsemble"),
        { FromCheckpoint: { } checkpoint } => Checkpoint(checkpoint),
        { FromRun: { } source } => Run(source, $"{Root}.fromRun"),
        _ => new(new() { Source = WeightsSource.Random }, [], Model: null),
    };

    private KnownWeights Checkpoint(CheckpointWeights checkpoint)
    {
        var input = new WeightsInput
        {
            Source = WeightsSource.Checkpoint,
            Uri = FileUris.Resolve(checkpoint.Uri, context.Settings.OutputRoot),
            Digest = checkpoint.Sha256,
            Credentials = checkpoint.Credentials?.Secret?.Reference,
            IncludeNorm = HasNorm(checkpoint.Objective),
        };
        return new(input, [PrivacyGate.FromCheckpoint(input.Uri, checkpoint.Sha256)], Model: null);
    }

    private KnownWeights? Run(RunWeights source, string path)
    {
        if (context.RunFacts(source.Name) is not { } earlier)
        {
            context.Problem($"{path}.name", $"PretrainRun \"{source.Name}\" has not finished");
            return null;
        }

        if ((source.Stage is null ? earlier.Stages[^1] : earlier.Stages.FirstOrDefault(stage => stage.Name == source.Stage)) is not { } stage)
        {
            context.Problem($"{path}.stage", $"PretrainRun \"{source.Name}\" has no stage \"{source.Stage}\"");
            return null;
        }

        if (Select(source, stage, path) is not { } selected)
        {
            return null;
        }

        var input = new WeightsInput
        {
            Source = WeightsSource.Checkpoint,
            Uri = selected.Uri,
            Digest = selected.Digest,
            Credentials = earlier.Credentials,
            IncludeNorm = HasNorm(stage.Objective),
        };
        return new(input, [PrivacyGate.FromRun(source.Name, selected.Digest, earlier.Privacy)], earlier.Model);
    }

    private (string Uri, string Digest)? Select(RunWeights source, StageFacts stage, string path)
    {
        if (source.Select == CheckpointSelection.Last)
        {
            return (stage.CheckpointUri, stage.WeightsDigest);
        }

        var best = source.Select == CheckpointSelection.Best;
        if (stage.Checkpoints.FirstOrDefault(kept => best ? kept.Best : kept.Step == source.Step) is { } found)
        {
            return (found.Uri, found.WeightsDigest);
        }

        var steps = string.Join(", ", stage.Checkpoints.Select(kept => kept.Step).Order());
        context.Problem(
            best ? $"{path}.select" : $"{path}.step",
            best
                ? $"stage \"{stage.Name}\" of PretrainRun \"{source.Name}\" kept no best checkpoint; give it checkpoint.best and a validation set, or use Last"
                : $"stage \"{stage.Name}\" of PretrainRun \"{source.Name}\" kept no checkpoint of step {source.Step}; it has {(steps.Length > 0 ? steps : "its last only")} (checkpoint.keepEverySteps keeps more)");
        return null;
    }

    private KnownWeights? Ensemble(EnsembleWeights ensemble, string path)
    {
        var members = new List<KnownWeights>();
        for (var i = 0; i < ensemble.Members.Count; i++)
        {
            var member = ensemble.Members[i];
            if ((member.FromRun is { } run ? Run(run, $"{path}.members[{i}].fromRun") : Checkpoint(member.FromCheckpoint!)) is { } weights)
            {
                members.Add(weights);
                Fit(members, $"{path}.members[{i}]");
            }
        }

        if (members.Count < ensemble.Members.Count)
        {
            return null;
        }

        var input = new WeightsInput
        {
            Source = WeightsSource.Ensemble,
            Method = ensemble.Method,
            ScorePerTensor = ensemble.ScorePerTensor,
            Members = [.. members.Select(member => member.Input)],
            IncludeNorm = members[0].Input.IncludeNorm,
        };
        return new(input, [.. members.SelectMany(member => member.Privacy)], members.Select(member => member.Model).FirstOrDefault(model => model is not null));
    }

    private void Fit(List<KnownWeights> members, string path)
    {
        var (first, last) = (members[0], members[^1]);
        if (first.Input.IncludeNorm != last.Input.IncludeNorm)
        {
            context.Problem(path, "is of another objective than the first member; only weights of one objective have the same tensors to average");
        }

        if (last.Model is { } model && members.Select(member => member.Model).First(other => other is not null) is { } other
            && WeightsRules.TrunkDifference(model, other) is { } difference)
        {
            context.Problem(path, $"does not fit the members before it: {difference}");
        }
    }

    /// <param name="Input">As the task reads them.</param>
    /// <param name="Privacy">What the gate has to know of every file; empty for random weights.</param>
    /// <param name="Model">Architecture, where a run tells it.</param>
    internal sealed record KnownWeights(WeightsInput Input, IReadOnlyList<PrivacyInput> Privacy, ModelShape? Model);
}
