using System.Text;
using Ppma.Api.Datasets;
using Ppma.Api.Manifests;
using Ppma.Api.Pretraining;
using Ppma.Api.Tasks;

namespace Ppma.Api.Resolution;

/// <summary>
/// A valid set resolved before anything has run: data that cannot be read is taken to hold what its manifest expects, and every run to
/// have finished. The numbers are those of a real run; digests are not, so nothing of it can be started.
/// </summary>
/// <param name="Datasets">What was read, and what is expected of the rest.</param>
/// <param name="Runs">In the order in which they would run.</param>
public sealed record Forecast(IReadOnlyDictionary<ResourceKey, DatasetFacts> Datasets, IReadOnlyList<RunForecast> Runs)
{
    /// <param name="set">A valid set.</param>
    /// <param name="settings">Where things lie.</param>
    /// <param name="read">Facts about the data sets that could be read.</param>
    public static Forecast Of(ManifestSet set, ResolutionSettings settings, IReadOnlyDictionary<ResourceKey, DatasetFacts> read)
    {
        var datasets = new Dictionary<ResourceKey, DatasetFacts>(read);
        foreach (var manifest in set.Manifests)
        {
            if (manifest.Resource is VideoDataset { Spec: { Humans: { } humans, Expected.Samples: { } samples } spec })
            {
                datasets.TryAdd(manifest.Key, Expected(manifest, spec, humans, samples));
            }
        }

        var resolver = new RunResolver(set, settings);
        var finished = new Dictionary<ResourceKey, RunFacts>();
        var ended = new Dictionary<ResourceKey, ResolvedRun>();
        var runs = new List<RunForecast>();
        foreach (var manifest in RunOrder.Of(set))
        {
            var resolution = resolver.Resolve(manifest, new() { Datasets = datasets, Runs = finished, Ended = ended });
            runs.Add(new(manifest, resolution));
            if (manifest.Resource is PretrainRun && resolution.Run is { } run)
            {
                finished[manifest.Key] = RunFacts.From(run, [.. run.Tasks.Select(Result)]);
                ended[manifest.Key] = run;
            }
        }

        return new(datasets, runs);
    }

    // Class names of different sets are taken to differ; only their number is known.
    private static DatasetFacts Expected(Manifest manifest, VideoDatasetSpec spec, Humans humans, IDictionary<string, long> samples) => new()
    {
        Digest = spec.Attestation?.IndexDigest is { Length: 64 } attested ? attested : Invented($"{manifest.Namespace}/{manifest.Name}"),
        Humans = humans,
        ClassNamesKnown = false,
        Classes = [.. Enumerable.Range(0, spec.Expected!.Classes ?? 0).Select(i => $"{manifest.Name}-{i}")],
        Samples = new Dictionary<string, long>(samples),
    };

    private static TaskResult Result(ResolvedTask task)
    {
        var (stage, policy) = (task.Spec.PretrainStage!, task.Spec.Checkpoint);
        long last = stage.Optimization.Steps;
        KeptCheckpoint Kept(long step, bool best = false) => new()
        {
            Step = step, Path = $"{task.Name}/checkpoints/step-{step:D8}", Digest = Invented($"{task.TaskDigest}/{step}"), Best = best,
        };
        var kept = policy.KeepEverySteps == 0
            ? [] : Enumerable.Range(1, (int)Math.Min(last / policy.KeepEverySteps, 10_000)).Select(i => Kept((long)i * policy.KeepEverySteps)).ToList();
        kept.Add(Kept(last, best: policy.Best is not null));
        return new()
        {
            TaskDigest = task.TaskDigest,
            InputDigest = task.Spec.InputDigest,
            Kind = TaskKind.PretrainStage,
            StartTime = DateTimeOffset.UnixEpoch,
            CompletionTime = DateTimeOffset.UnixEpoch,
            Training = new() { Steps = last, FinalLoss = 0, Checkpoint = kept[^1].Path, WeightsDigest = kept[^1].Digest, Checkpoints = kept },
        };
    }

    private static string Invented(string name) => CanonicalJson.Digest(Encoding.UTF8.GetBytes(name));
}
