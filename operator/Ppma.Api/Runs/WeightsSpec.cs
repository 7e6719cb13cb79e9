namespace Ppma.Api.Runs;

/// <summary>Where the initial weights come from: exactly one member is set.</summary>
public sealed record WeightsSpec
{
    public RunWeights? FromRun { get; init; }

    public CheckpointWeights? FromCheckpoint { get; init; }

    public EnsembleWeights? FromEnsemble { get; init; }

    /// <summary>Initialised from the seed: <c>random: {}</c>.</summary>
    public RandomWeights? Random { get; init; }

    /// <summary>The runs whose weights it takes, each with its field below this one.</summary>
    internal IEnumerable<(string Field, RunWeights Source)> Runs()
    {
        if (FromRun is { } source)
        {
            yield return ("fromRun", source);
        }

        for (var i = 0; i < (FromEnsemble?.Members.Count ?? 0); i++)
        {
            if (FromEnsemble!.Members[i].FromRun is { } member)
            {
                yield return ($"fromEnsemble.members[{i}].fromRun", member);
            }
        }
    }

    /// <summary>The checkpoints that it takes, each with its field below this one.</summary>
    internal IEnumerable<(string Field, CheckpointWeights Source)> Checkpoints()
    {
        if (FromCheckpoint is { } source)
        {
            yield return ("fromCheckpoint", source);
        }

        for (var i = 0; i < (FromEnsemble?.Members.Count ?? 0); i++)
        {
            if (FromEnsemble!.Members[i].FromCheckpoint is { } member)
            {
                yield return ($"fromEnsemble.members[{i}].fromCheckpoint", member);
            }
        }
    }
}
