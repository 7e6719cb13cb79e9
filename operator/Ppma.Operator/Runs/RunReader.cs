using System.Collections.Concurrent;
using k8s.Models;
using Ppma.Api.Conditions;
using Ppma.Api.Pretraining;
using Ppma.Api.Runs;
using Ppma.Controllers;
using Ppma.Operator.Attempts;
using Ppma.Operator.Pods;
using Ppma.Operator.Progress;

namespace Ppma.Operator.Runs;

/// <summary>Sees a run: from the caches, and live only what no cache has or what a cache is not believed in.</summary>
internal sealed class RunReader(RunResources resources, IObjectEvents events, IProgressSource progress, RunOptions options, TimeProvider time)
{
    // A frozen task is immutable, so it is read once; runs that are over leave.
    private readonly ConcurrentDictionary<ObjectKey, (string Uid, FrozenTasks Tasks)> _tasks = [];
    private readonly ConcurrentDictionary<ObjectKey, (string Uid, long Generation)> _probed = [];

    /// <param name="run">The run, as the cache has it.</param>
    /// <param name="cancellationToken">Ends the requests.</param>
    public async Task<RunObservation> ObserveAsync(RunView run, CancellationToken cancellationToken)
    {
        var jobs = resources.Jobs.OwnedBy(run.Uid).Where(job => JobFacts.IsOwnedBy(job.Metadata, run.Uid)).ToList();
        var observation = new RunObservation
        {
            Run = run,
            Now = time.GetUtcNow(),
            Jobs = jobs,
            Tasks = _tasks.TryGetValue(run.Key, out var kept) && kept.Uid == run.Uid ? kept.Tasks : null,
            Probed = _probed.TryGetValue(run.Key, out var probed) && probed == (run.Uid, run.Generation),
        };
        if (RunEnd.IsTerminal(run.Status))
        {
            Forget(run.Key);
            return observation;
        }

        if (!run.Status.Conditions.Is(ConditionType.Admitted, ConditionStatus.True))
        {
            var admission = AdmissionRules.Decide(await AdmissionInputAsync(run, cancellationToken));
            var first = jobs.FirstOrDefault(job => JobFacts.Attempt(job) == 1 && JobFacts.Stage(job) == run.Stages[0]);
            return observation with
            {
                Admission = admission,
                Attempts = first is null ? [] : [Observed(run.Stages[0], 1, first, resources.Pods.OwnedBy(first.Metadata.Uid))],
            };
        }

        return run.Status.Stages.FirstOrDefault(stage => stage.State != StageState.Succeeded) is not { } current ? observation : observation with
        {
            Attempts = await AttemptsAsync(run, current, jobs, cancellationToken),
            Progress = current.Attempt > 0 ? progress.Find(new(run.Uid, current.Name, current.Attempt)) : null,
        };
    }

    /// <summary>Keeps frozen tasks in hand for the attempts to come.</summary>
    public void Remember(RunView run, FrozenTasks tasks) => _tasks[run.Key] = (run.Uid, tasks);

    /// <summary>Notes that this generation was shown to the API server.</summary>
    public void RememberProbe(RunView run) => _probed[run.Key] = (run.Uid, run.Generation);

    /// <summary>Lets go of what was kept for a run that is over, or gone.</summary>
    public void Forget(ObjectKey run)
    {
        _tasks.TryRemove(run, out _);
        _probed.TryRemove(run, out _);
    }

    /// <summary>Reads frozen tasks.</summary>
    /// <returns>The tasks, or why there are none.</returns>
    public async Task<(FrozenTasks? Tasks, string? Gone)> ReadTasksAsync(RunView run, CancellationToken cancellationToken)
    {
        var key = new ObjectKey(run.Namespace, Names.Tasks(run.Identity));
        if (await resources.ConfigMaps.ReadAsync(key, cancellationToken) is not { } map)
        {
            return (null, $"ConfigMap {key} with the frozen tasks of {run.Kind} {run.Name} is gone");
        }

        if (!JobFacts.IsOwnedBy(map.Metadata, run.Uid))
        {
            return (null, $"ConfigMap {key}, which should hold the frozen tasks of {run.Kind} {run.Name}, belongs to somebody else");
        }

        try
        {
            return (FrozenTasks.From(map, run.Identity), null);
        }
        catch (InvalidDataException problem)
        {
            return (null, problem.Message);
        }
    }

    /// <summary>The observation after a Job was deleted: it is gone, or it stays until its pods are.</summary>
    public RunObservation WithoutJob(RunObservation observation, V1Job deleted)
    {
        var left = resources.Jobs.Find(ObjectKey.Of(deleted)) is { Metadata.DeletionTimestamp: not null } job && job.Metadata.Uid == deleted.Metadata.Uid ? job : null;
        return observation with
        {
            Jobs = [.. observation.Jobs.Where(other => other.Metadata.Uid != deleted.Metadata.Uid), .. left is null ? Array.Empty<V1Job>() : [left]],
            Attempts = [.. observation.Attempts.Select(attempt => attempt.Job?.Metadata.Uid != deleted.Metadata.Uid
                ? attempt : Observed(attempt.Stage, attempt.Number, left, resources.Pods.OwnedBy(deleted.Metadata.Uid)))],
        };
    }

    private async Task<IReadOnlyList<ObservedAttempt>> AttemptsAsync(RunView run, StageStatus stage, List<V1Job> jobs, CancellationToken cancellationToken)
    {
        var attempts = new List<ObservedAttempt>();
        if (stage.State is StageState.Starting or StageState.Running or StageState.Stopping)
        {
            var job = jobs.FirstOrDefault(job => IsAttempt(job, stage.Name, stage.Attempt)) ?? await LiveAsync(run, stage, cancellationToken);
            if (job is not null && stage.JobUid is { } uid && job.Metadata.Uid != uid)
            {
                job = null; // Another took its name: the one that was recorded is gone.
            }

            attempts.Add(await WithEventsAsync(Observed(stage.Name, stage.Attempt, job, resources.Pods.OwnedBy(stage.JobUid ?? job?.Metadata.Uid ?? "")), cancellationToken));
        }

        if (jobs.FirstOrDefault(job => IsAttempt(job, stage.Name, stage.Attempt + 1)) is { } next)
        {
            attempts.Add(Observed(stage.Name, stage.Attempt + 1, next, resources.Pods.OwnedBy(next.Metadata.Uid)));
        }

        return attempts;
    }

    private static bool IsAttempt(V1Job job, string stage, int attempt) => JobFacts.Stage(job) == stage && JobFacts.Attempt(job) == attempt;

    // A Job that the status knows and the cache does not may be a cache that is behind.
    private async Task<V1Job?> LiveAsync(RunView run, StageStatus stage, CancellationToken cancellationToken)
    {
        var job = await resources.Jobs.ReadAsync(new(run.Namespace, Names.Job(run.Identity, stage.Name, stage.Attempt)), cancellationToken);
        return job is not null && JobFacts.IsOwnedBy(job.Metadata, run.Uid) ? job : null;
    }

    private ObservedAttempt Observed(string stage, int number, V1Job? job, IReadOnlyList<V1Pod> pods) =>
        new(stage, number, job, AttemptView.Of(job, pods, [], time.GetUtcNow().UtcDateTime));

    private async Task<ObservedAttempt> WithEventsAsync(ObservedAttempt attempt, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var pods = attempt.Job is { } job ? resources.Pods.OwnedBy(job.Metadata.Uid) : [];
        if (EventLookups.About(attempt.View, attempt.Job, pods, now, out var due) is not { } about)
        {
            return attempt with { EventsDue = due };
        }

        return attempt with { View = AttemptView.Of(attempt.Job, pods, await events.ListAsync(about, cancellationToken), now) };
    }

    private async Task<AdmissionInput> AdmissionInputAsync(RunView run, CancellationToken cancellationToken)
    {
        var runs = Ancestors(run);
        return new AdmissionInput
        {
            Run = run,
            Options = options,
            Datasets = Found(RunInputs.Datasets(run.Resource).Select(use => use.Name), name => resources.Datasets.Find(new(run.Namespace, name))),
            Runs = runs,
            Trials = [.. RunInputs.ValidationDatasets(run.Resource)
                .SelectMany(name => resources.EvalRuns.Indexed(RunIndexes.ByDataset, RunIndexes.Value(run.Namespace, name)))
                .DistinctBy(trial => trial.Metadata.Uid)],
            Resumed = await ResumedAsync(run, runs, cancellationToken),
        };
    }

    private async Task<FrozenTasks?> ResumedAsync(RunView run, Dictionary<string, PretrainRun> runs, CancellationToken cancellationToken) =>
        run.Resource is PretrainRun { Spec.ResumeFrom.Run.Name: { } name } && runs.TryGetValue(name, out var source) && SourceRuns.CanBeResumed(source)
            ? (await ReadTasksAsync(RunView.Of(source), cancellationToken)).Tasks
            : null;

    // Itself left out: where it names itself, the rules say so.
    private Dictionary<string, PretrainRun> Ancestors(RunView run)
    {
        var found = new Dictionary<string, PretrainRun>(StringComparer.Ordinal);
        var open = new Queue<string>(RunInputs.Runs(run.Resource).Select(use => use.Name));
        while (open.TryDequeue(out var name))
        {
            if (!found.ContainsKey(name) && resources.PretrainRuns.Find(new(run.Namespace, name)) is { } source)
            {
                found.Add(name, source);
                foreach (var use in RunInputs.Runs(source))
                {
                    open.Enqueue(use.Name);
                }
            }
        }

        return found;
    }

    private static Dictionary<string, T> Found<T>(IEnumerable<string> names, Func<string, T?> find)
        where T : class =>
        names.Distinct(StringComparer.Ordinal).Select(name => (Name: name, Found: find(name))).Where(entry => entry.Found is not null)
            .ToDictionary(entry => entry.Name, entry => entry.Found!, StringComparer.Ordinal);
}
