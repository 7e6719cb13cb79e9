using Ppma.Api.Datasets;
using Ppma.Api.Manifests;
using Ppma.Api.Runs;
using Ppma.Api.Tasks;

namespace Ppma.Api.Resolution;

/// <summary>What the resolution of one run looks things up in and reports to.</summary>
internal sealed class ResolutionContext(Manifest run, ManifestSet set, ResolutionSettings settings, KnownFacts facts)
{
    private readonly List<ManifestProblem> _problems = [];
    private readonly List<string> _warnings = [];

    public IReadOnlyList<ManifestProblem> Problems => _problems;

    public IReadOnlyList<string> Warnings => _warnings;

    public Manifest Run => run;

    public ResolutionSettings Settings => settings;

    public void Problem(string path, string message) => _problems.Add(new(run.File, run.Document, path, message));

    public void Warn(string message)
    {
        if (!_warnings.Contains(message))
        {
            _warnings.Add(message);
        }
    }

    public RunFacts? RunFacts(string name) => facts.Runs.GetValueOrDefault(new(run.Namespace, name));

    /// <summary>A PretrainRun that ended, as it was resolved.</summary>
    public ResolvedRun? Ended(string name) => facts.Ended.GetValueOrDefault(new(run.Namespace, name));

    /// <summary>A data set and what is known of it, or null after saying what is missing.</summary>
    public KnownDataset? Dataset(string name, string path)
    {
        if (set.Find<VideoDataset>(run.Namespace, name)?.Resource is not VideoDataset dataset)
        {
            Problem(path, $"there is no VideoDataset \"{name}\"");
            return null;
        }

        if (!facts.Datasets.TryGetValue(new(run.Namespace, name), out var found))
        {
            Problem(path, $"VideoDataset \"{name}\" is not verified yet");
            return null;
        }

        if (dataset.Spec.Humans != found.Humans)
        {
            Problem(path, $"VideoDataset \"{name}\" says humans: {dataset.Spec.Humans}, and its index says {found.Humans}; correct the one that is wrong");
            return null;
        }

        if (dataset.Spec.Expected?.Differences(found.Samples, found.Classes.Count).FirstOrDefault() is { } difference)
        {
            Problem(path, $"VideoDataset \"{name}\" says expected.{difference}; correct the one that is wrong");
            return null;
        }

        return new KnownDataset(name, dataset.Spec, found);
    }

    /// <summary>The task's view of one split, or null after saying why there is none.</summary>
    public DatasetInput? Input(KnownDataset dataset, string split, double weight, string path)
    {
        if (!dataset.Facts.Samples.TryGetValue(split, out var samples) || samples == 0)
        {
            var splits = dataset.Facts.Samples.Where(entry => entry.Value > 0).Select(entry => entry.Key).Order(StringComparer.Ordinal);
            Problem(path, $"VideoDataset \"{dataset.Name}\" has no clips in split \"{split}\"; it has {string.Join(", ", splits)}");
            return null;
        }

        return new DatasetInput
        {
            Name = dataset.Name,
            Uri = FileUris.Resolve(dataset.Spec.Uri, settings.DataRoot),
            Digest = dataset.Facts.Digest,
            Split = split,
            Humans = dataset.Facts.Humans,
            Weight = weight,
            Credentials = dataset.Spec.Credentials?.Secret?.Reference,
        };
    }

    /// <summary>What the task takes from the run's settings; digest and places are filled in when they are known.</summary>
    public TaskSpec Task(TaskKind kind, RunSettings spec) => new()
    {
        Kind = kind,
        Run = new RunIdentity(run.Resource.Kind, run.Namespace, run.Name, ""),
        InputDigest = "",
        ArtifactsUri = "",
        ArtifactsCredentials = spec.Artifacts?.Credentials?.Secret?.Reference,
        Seed = spec.Seed,
        Threads = spec.Compute.Threads > 0 ? spec.Compute.Threads : settings.MachineThreads,
        Checkpoint = new()
        {
            EverySeconds = spec.Checkpoint.EverySeconds,
            EverySteps = spec.Checkpoint.EverySteps,
            KeepLast = spec.Checkpoint.KeepLast,
            KeepEverySteps = spec.Checkpoint.KeepEverySteps,
        },
        ProgressDeadlineSeconds = spec.Deadlines.ProgressSeconds,
    };

    /// <summary>Puts digest and places into the run's tasks.</summary>
    public ResolvedRun Finish(RunSettings spec, IReadOnlyList<(string Name, TaskSpec Task)> tasks, PrivacyStatus? privacy)
    {
        var digest = tasks[^1].Task.InputDigest;
        var uid = settings.IdentityByUid ? run.Resource.Metadata.Uid : digest;
        var identity = tasks[0].Task.Run with { Uid = uid };
        var root = FileUris.Resolve(spec.Artifacts?.Uri ?? "file:.", settings.OutputRoot);
        var artifacts = FileUris.Below(root, $"{run.Namespace}/{run.Name}/{uid[..8]}") + "/";
        return new ResolvedRun
        {
            Identity = identity,
            InputDigest = digest,
            ArtifactsUri = artifacts,
            Tasks = [.. tasks.Select(task => ResolvedTask.Of(task.Name, task.Task with { Run = identity, ArtifactsUri = artifacts }))],
            Privacy = privacy,
        };
    }

    internal sealed record KnownDataset(string Name, VideoDatasetSpec Spec, DatasetFacts Facts);
}
