using Ppma.Api.Schemas;

namespace Ppma.Api.Runs;

/// <summary>Where the initial weights come from: exactly one member is set.</summary>
[Rule("[has(self.fromRun), has(self.fromCheckpoint), has(self.fromEnsemble), has(self.random)].filter(given, given).size() == 1", "write exactly one of fromRun, fromCheckpoint, fromEnsemble, random: {}")]
public sealed record WeightsSpec
{
    /// <summary>A checkpoint of a PretrainRun in the same namespace.</summary>
    public RunWeights? FromRun { get; init; }

    /// <summary>A checkpoint that no run of this cluster made.</summary>
    public CheckpointWeights? FromCheckpoint { get; init; }

    /// <summary>Several models made into one.</summary>
    public EnsembleWeights? FromEnsemble { get; init; }

    /// <summary>Initialised from the seed: <c>random: {}</c>.</summary>
    public RandomWeights? Random { get; init; }

    /// <summary>The runs whose weights it takes, each with its field below this one.</summary>
    public IEnumerable<(string Field, RunWeights Source)> Runs()
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
    public IEnumerable<(string Field, CheckpointWeights Source)> Checkpoints()
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
