using Ppma.Api;
using Ppma.Api.Evaluation;
using Ppma.Api.Manifests;
using Ppma.Api.Pretraining;
using Ppma.Api.Resolution;
using Ppma.Api.Runs;
using Ppma.Api.Tasks;
using Ppma.Datasets.Stores;
using Ppma.Worker.Artifacts;

namespace Ppma.Cli.Running;

/// <summary>
/// Runs in an order that their references allow, each a task a stage. A run is resolved once, when the runs it starts from
/// are done: only then are the digests of their weights known.
/// </summary>
internal sealed class RunPlan
{
    private readonly RunResolver _resolver;
    private readonly IReadOnlyDictionary<ResourceKey, DatasetFacts> _datasets;
    private readonly bool _fresh;
    private readonly Action<string> _warn;
    private readonly Dictionary<Manifest, IReadOnlyList<PlannedTask>> _tasks = [];
    private readonly Dictionary<Manifest, ResolvedRun> _resolved = [];

    /// <param name="set">Valid manifests.</param>
    /// <param name="settings">Where things lie.</param>
    /// <param name="datasets">What was found in the data sets.</param>
    /// <param name="fresh">Whether what an earlier call left of a run is removed before it starts.</param>
    /// <param name="warn">Told what a person should know although the runs can start.</param>
    public RunPlan(
        ManifestSet set, ResolutionSettings settings, IReadOnlyDictionary<ResourceKey, DatasetFacts> datasets, bool fresh, Action<string> warn)
    {
        _resolver = new RunResolver(set, settings);
        _datasets = datasets;
        _fresh = fresh;
        _warn = warn;
        Classes = datasets.Values.DistinctBy(facts => facts.Digest).ToDictionary(facts => facts.Digest, facts => facts.Classes.Count);
        MostThreads = RunOrder.Of(set).Select(ThreadsOf).Max(threads => threads > 0 ? threads : settings.MachineThreads);
        foreach (Manifest run in RunOrder.Of(set))
        {
            IReadOnlyList<Source> sources =
                [.. RunReferences.Of(run.Resource).Select(reference => new Source(reference, set.Find<PretrainRun>(run.Namespace, reference.Name)!))];
            _tasks.Add(run, Plan(run, sources));
            if (sources.Count == 0)
            {
                FindProblems(run);
            }
        }
    }

    public IReadOnlyList<PlannedTask> Tasks => [.. _tasks.Values.SelectMany(tasks => tasks)];

    /// <summary>Threads of the run that asks for most.</summary>
    public int MostThreads { get; }

    /// <summary>Number of classes by a data set's digest.</summary>
    public IReadOnlyDictionary<string, int> Classes { get; }

    /// <summary>What must be changed before anything can start: runs that start from no other one are resolved to see.</summary>
    public List<ManifestProblem> Problems { get; } = [];

    private List<PlannedTask> Plan(Manifest run, IReadOnlyList<Source> sources)
    {
        var tasks = new List<PlannedTask>();
        IReadOnlyList<string?> stages = run.Resource is PretrainRun pretrain ? [.. pretrain.Spec.Stages.Select(stage => stage.Name)] : [null];
        for (int i = 0; i < stages.Count; i++)
        {
            int index = i;
            tasks.Add(new PlannedTask
            {
                Run = run.Name,
                Stage = stages[i],
                Row = run.Resource is EvalRun ? run.Resource.Metadata.Labels?.TryGetValue(ApiGroup.RowLabel, out string? row) == true ? row : null : null,
                PretrainRun = run.Resource is EvalRun && sources.Count > 0 ? string.Join(" + ", sources.Select(source => source.Run.Name)) : null,
                Needs = i > 0 ? [tasks[^1]] : [.. sources.Select(source => StageOf(source.Reference, _tasks[source.Run])).Distinct()],
                Resolve = ends => Resolve(run, sources, ends).Tasks[index].Spec,
            });
        }

        return tasks;
    }

    private void FindProblems(Manifest run)
    {
        RunResolution resolution = _resolver.Resolve(run, new KnownFacts { Datasets = _datasets });
        Problems.AddRange(resolution.Problems);
        foreach (string warning in resolution.Warnings)
        {
            _warn(warning);
        }
    }

    private ResolvedRun Resolve(Manifest run, IReadOnlyList<Source> sources, IReadOnlyDictionary<PlannedTask, TaskEnd> ends)
    {
        if (_resolved.TryGetValue(run, out ResolvedRun? resolved))
        {
            return resolved;
        }

        RunResolution resolution = _resolver.Resolve(run, Facts(sources, ends));
        resolved = resolution.Run ?? throw new TaskFailedException(ExitCodes.BadSpec, string.Join(" ", resolution.Problems));
        foreach (string warning in resolution.Warnings)
        {
            _warn(warning);
        }

        Prepare(resolved);
        _resolved.Add(run, resolved);
        return resolved;
    }

    private KnownFacts Facts(IReadOnlyList<Source> sources, IReadOnlyDictionary<PlannedTask, TaskEnd> ends)
    {
        var runs = sources.Where(source => !source.Reference.Resumes).Select(source => source.Run).Distinct();
        var ended = sources.Where(source => source.Reference.Resumes).Select(source => source.Run).Distinct();
        return new KnownFacts
        {
            Datasets = _datasets,
            Runs = runs.ToDictionary(run => run.Key, run => RunFacts.From(_resolved[run], Results(_tasks[run], ends))),
            Ended = ended.ToDictionary(run => run.Key, run => _resolved[run]),
        };
    }

    private void Prepare(ResolvedRun run)
    {
        string folder = FileUris.ToPath(run.ArtifactsUri);
        string record = Path.Combine(folder, "run.json");
        try
        {
            if (_fresh && Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }

            Directory.CreateDirectory(folder);
            DurableFile.Write(record, TaskJson.Serialize(new RunFile(
                run.Identity, run.InputDigest, run.Tasks.ToDictionary(task => task.Name, task => task.TaskDigest), run.Privacy)));
        }
        catch (Exception e) when (StorageFailure.Explains(e))
        {
            throw StorageFailure.ToTaskFailure(e, record);
        }
    }

    private static TaskResult[] Results(IReadOnlyList<PlannedTask> tasks, IReadOnlyDictionary<PlannedTask, TaskEnd> ends) =>
        [.. tasks.Select(task => ends.GetValueOrDefault(task)?.Result).TakeWhile(result => result is not null).Select(result => result!)];

    /// <summary>The stage that is asked for; the last one where none is named.</summary>
    private static PlannedTask StageOf(RunReference reference, IReadOnlyList<PlannedTask> stages) =>
        stages.FirstOrDefault(task => task.Stage == reference.Stage) ?? stages[^1];

    private static int ThreadsOf(Manifest run) => run.Resource switch
    {
        PretrainRun pretrain => pretrain.Spec.Compute.Threads,
        EvalRun eval => eval.Spec.Compute.Threads,
        _ => 0,
    };

    private sealed record Source(RunReference Reference, Manifest Run);

    /// <summary><c>run.json</c>: which tasks a run was resolved to, and on what grounds it was let through the privacy gate.</summary>
    private sealed record RunFile(
        RunIdentity Run, string InputDigest, IReadOnlyDictionary<string, string> TaskDigests, PrivacyStatus? Privacy);
}
