using CsCheck;
using Ppma.Api.Conditions;
using Ppma.Api.Pretraining;
using Ppma.Api.Runs;
using Ppma.Controllers.Requests;
using Ppma.Operator.Pods;

namespace Ppma.Operator.Tests.Runs;

/// <summary>What holds of every run, whatever happens to it and to the operator.</summary>
public sealed class RunLifeProperties
{
    /// <summary>What may happen between two looks.</summary>
    private enum Happening
    {
        Look,
        PodRuns,
        WorkerFinishes,
        WorkerFails,
        WorkerIsKilled,
        JobIsDeleted,
        DatasetVanishes,
        DatasetComes,
        Suspend,
        Resume,
        Cancel,
        DeletionGoesThrough,
        TimePasses,
        OperatorRestarts,
        OperatorIsKilledBefore,
        OperatorIsKilledAfter,
        CacheIsBehind,
    }

    private static readonly Gen<Happening[]> Lives = Gen.Enum<Happening>().Array[1, 30];

    [Fact]
    public void Life_WhateverHappens_KeepsItsPromises() => Lives.Sample(life => LiveAsync(life).GetAwaiter().GetResult(), iter: 100);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Life_WithACrashAtAnyCall_EndsTheSame(bool committed)
    {
        var (expected, calls) = await CrashAsync(null);
        Assert.True(calls > 8);
        for (var call = 0; call < calls; call++)
        {
            var (end, _) = await CrashAsync((call, committed));
            Assert.Equal(expected, end);
        }
    }

    /// <summary>Without the guard that an attempt has one name and a name one Job, the same crashes have to be convicted: else they prove nothing.</summary>
    [Fact]
    public async Task Life_WithACrashOnAServerThatTakesANameTwice_IsConvicted()
    {
        var (_, calls) = await CrashAsync(null);
        var convicted = 0;
        for (var call = 0; call < calls; call++)
        {
            convicted += await Record.ExceptionAsync(() => CrashAsync((call, true), cluster => cluster.Jobs.TakesNamesTwice = true)) is null ? 0 : 1;
        }

        Assert.True(convicted > 0, $"none of {calls} crashes was noticed");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Create_WhoseAnswerWasLost_IsFoundToBeDone_AlsoBeforeTheCacheKnows(int call)
    {
        var cluster = new FakeCluster();
        cluster.Datasets.Put(Given.Dataset());
        var run = cluster.Apply(Given.Pretrain());
        cluster.Api.Kill = (call, true);
        await Assert.ThrowsAsync<ProcessKilledException>(() => cluster.SettleAsync(run));

        cluster.Restart();
        await cluster.LookAsync(run);

        Assert.Equal(StageState.Starting, Assert.Single(cluster.StatusOf(run).Stages).State);
        Assert.Equal(["POST ConfigMap", "POST Job", "PUT PretrainRun"], cluster.Api.Committed.Select(request => string.Join(' ', request.Split(' ')[..2])));
    }

    // A run of two stages whose first attempt fails and which is suspended in its second stage.
    private static async Task<(string End, int Calls)> CrashAsync((int Call, bool Committed)? kill, Action<FakeCluster>? weaken = null)
    {
        var cluster = new FakeCluster();
        weaken?.Invoke(cluster);
        cluster.Datasets.Put(Given.Dataset());
        var run = cluster.Apply(Given.Pretrain(stages: 2));
        cluster.Api.Kill = kill;
        await LookOnceAsync();
        cluster.End(40);
        await LookOnceAsync();
        cluster.Time.Advance(TimeSpan.FromMinutes(10));
        await LookOnceAsync();
        cluster.Finish();
        await LookOnceAsync();
        cluster.Run();
        cluster.Edit(run, spec => spec with { Suspend = true });
        await LookOnceAsync();
        cluster.Collect();
        await LookOnceAsync();
        cluster.Edit(run, spec => spec with { Suspend = false });
        await LookOnceAsync();
        cluster.Finish();
        await LookOnceAsync();
        cluster.Time.Advance(TimeSpan.FromDays(8));
        await LookOnceAsync();
        JudgeCreates(cluster);
        var status = cluster.StatusOf(run);
        return (
            string.Join('\n', [
                .. status.Conditions.Select(condition => $"{condition.Type} {condition.Status} {condition.Reason}"),
                .. status.Stages.Select(stage => $"{stage.Name} {stage.State} {stage.Attempt} {stage.Checkpoint?.Digest}"),
                $"{status.Restarts!.Application} {status.Restarts.Infrastructure} {status.Usage!.ActiveSeconds}",
                .. cluster.Api.Committed.Where(request => request.StartsWith("POST", StringComparison.Ordinal)).Select(request => request.Split(' ')[1]).Order(),
                $"{cluster.Jobs.OnServer.Count} {cluster.ConfigMaps.OnServer.Count}",
            ]),
            cluster.Api.Calls);

        async Task LookOnceAsync()
        {
            try
            {
                await cluster.SettleAsync(run);
            }
            catch (ProcessKilledException)
            {
                // The next process looks first before its caches know what the one before it did last.
                cluster.Restart();
                await LookAsync(cluster, run, behind: true);
                await cluster.SettleAsync(run);
            }
        }
    }

    private static async Task LiveAsync(Happening[] life)
    {
        var cluster = new FakeCluster();
        var run = cluster.Apply(Given.Pretrain(stages: 2));
        var gateOpen = false;
        var behind = false;
        foreach (var happening in life)
        {
            var terminal = cluster.StatusOf(run).CompletionTime;
            var posts = Posts(cluster);
            gateOpen |= happening == Happening.DatasetComes;
            behind = happening == Happening.CacheIsBehind;
            Happen(cluster, run, happening);
            await LookAsync(cluster, run, behind);

            JudgeCreates(cluster);
            JudgeConditions(cluster.StatusOf(run));
            Assert.True(gateOpen || posts == 0, "a Job before the gate");
            if (terminal is not null)
            {
                Assert.Equal((terminal, posts), (cluster.StatusOf(run).CompletionTime, Posts(cluster)));
            }
        }

        // Twice is no write.
        await LookAsync(cluster, run, behind: false);
        var before = cluster.Api.Committed.Count;
        await LookAsync(cluster, run, behind: false);
        Assert.Equal(before, cluster.Api.Committed.Count);
    }

    private static async Task LookAsync(FakeCluster cluster, PretrainRun run, bool behind)
    {
        try
        {
            if (behind)
            {
                try
                {
                    await cluster.LookAsync(run);
                }
                catch (ApiException conflict) when (conflict.Conflict)
                {
                    // It comes again, from what is so then.
                }

                return;
            }

            await cluster.SettleAsync(run);
        }
        catch (ProcessKilledException)
        {
            cluster.Restart();
            await cluster.SettleAsync(run);
        }
    }

    private static void Happen(FakeCluster cluster, PretrainRun run, Happening happening)
    {
        var job = cluster.Jobs.OnServer.Count == 0 ? null : cluster.Job();
        var runs = job is not null && cluster.Pods.OnServer.All(pod => pod.Metadata.OwnerReferences[0].Uid != job.Metadata.Uid || pod.Status.Phase is "Pending" or "Running");
        switch (happening)
        {
            case Happening.PodRuns when runs:
                cluster.Run();
                break;
            case Happening.WorkerFinishes when runs:
                cluster.Finish();
                break;
            case Happening.WorkerFails when runs:
                cluster.End(1);
                break;
            case Happening.WorkerIsKilled when runs:
                cluster.End(137);
                break;
            case Happening.JobIsDeleted when job is not null:
                foreach (var pod in cluster.Pods.OnServer.Where(pod => pod.Metadata.OwnerReferences[0].Uid == job.Metadata.Uid).ToList())
                {
                    cluster.Pods.Remove(Controllers.ObjectKey.Of(pod));
                }

                cluster.Jobs.Remove(Controllers.ObjectKey.Of(job));
                break;
            case Happening.DatasetVanishes:
                cluster.Datasets.Remove(new(Given.Namespace, "clips"));
                break;
            case Happening.DatasetComes:
                cluster.Datasets.Put(Given.Dataset());
                break;
            case Happening.Suspend or Happening.Resume:
                cluster.Edit(run, spec => spec with { Suspend = happening == Happening.Suspend });
                break;
            case Happening.Cancel:
                cluster.Edit(run, spec => spec with { Cancel = true });
                break;
            case Happening.DeletionGoesThrough:
                cluster.Collect();
                break;
            case Happening.TimePasses:
                cluster.Time.Advance(TimeSpan.FromMinutes(7));
                break;
            case Happening.OperatorRestarts:
                cluster.Restart();
                break;
            case Happening.OperatorIsKilledBefore or Happening.OperatorIsKilledAfter:
                cluster.Api.Kill = (cluster.Api.Calls + 1, happening == Happening.OperatorIsKilledAfter);
                break;
        }
    }

    private static int Posts(FakeCluster cluster) => cluster.Api.Committed.Count(request => request.StartsWith("POST Job", StringComparison.Ordinal));

    private static void JudgeCreates(FakeCluster cluster)
    {
        var creates = cluster.Api.Committed.Where(request => request.StartsWith("POST", StringComparison.Ordinal)).ToList();
        Assert.Equal(creates.Distinct(), creates);
        Assert.All(
            cluster.Jobs.OnServer.GroupBy(job => (job.Metadata.Labels[Labels.Stage], job.Metadata.Labels[Labels.Attempt])),
            attempt => Assert.Single(attempt));
    }

    private static void JudgeConditions(RunStatus status)
    {
        if (status.ObservedGeneration < 0)
        {
            return;
        }

        Assert.Equal(status.Conditions.Select(condition => condition.Type).Distinct(), status.Conditions.Select(condition => condition.Type));
        Assert.All(status.Conditions, condition =>
        {
            Assert.True(Enum.TryParse<ConditionType>(condition.Type, out _), condition.Type);
            Assert.True(Enum.TryParse<Reason>(condition.Reason, out _), condition.Reason);
            Assert.Contains(condition.Status, new[] { "True", "False", "Unknown" });
            Assert.NotEmpty(condition.Message);
        });
        var ready = status.Conditions.Find(ConditionType.Ready);
        Assert.NotNull(ready);
        var reconciling = status.Conditions.Find(ConditionType.Reconciling);
        var stalled = status.Conditions.Find(ConditionType.Stalled);
        Assert.True(reconciling is null || stalled is null);
        Assert.Equal(status.CompletionTime is not null, ready.Status != "Unknown");
        Assert.Equal(status.CompletionTime is not null && ready.Status == "False", status.CompletionTime is not null && stalled is not null);
        Assert.True(status.CompletionTime is null || reconciling is null);
        Assert.InRange(System.Text.Encoding.UTF8.GetByteCount(Ppma.Operator.Runs.StatusText.Of(status)), 1, StatusLimits.MaxBytes);
    }
}
