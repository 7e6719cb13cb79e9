using System.Text;
using Ppma.Api.Conditions;
using Ppma.Api.Tasks;
using Ppma.Operator.Attempts;
using static Ppma.Operator.Tests.Attempts.TestAttempt;

namespace Ppma.Operator.Tests.Attempts;

/// <summary>How attempts end: rows of what Kubernetes tells, and what is made of it.</summary>
public sealed class AttemptEndTests
{
    private const string Result =
        """{"result":{"taskDigest":"d","inputDigest":"i","kind":"PretrainStage","startTime":"2026-11-23T11:00:00+00:00","completionTime":"2026-11-23T12:00:00+00:00"}}""";

    [Fact]
    public void Of_AResult_IsDoneWithAllThatIsKnown()
    {
        var view = View(Job(), [Pod("Succeeded", worker: Terminated(0, Result, "Completed"))]);

        Assert.Equal((AttemptPhase.Ended, false), (view.Phase, view.PodsLeft));
        var end = view.End!;
        Assert.Equal((0, EndCause.Exited, Reason.Completed, "gpu-3"), (end.ExitCode, end.Cause, end.Reason, end.Node));
        Assert.Equal("d", end.Result!.TaskDigest);
        Assert.Equal((Now.AddSeconds(-600), Now), (end.StartedAt, end.FinishedAt));
        Assert.Equal(ExitClass.Done, ExitClasses.Of(end, askedToStop: false));
    }

    [Fact]
    public void Of_AnErrorOfTheWorker_KeepsItsWords()
    {
        string message = Encoding.UTF8.GetString(TaskJson.Serialize(new TerminationMessage { Error = new(65, "DataDigestMismatch", "k150: its index changed") }));

        var end = View(Job(), [Pod("Failed", worker: Terminated(65, message))]).End!;

        Assert.Equal((Reason.DataDigestMismatch, ExitClass.Final), (end.Reason, ExitClasses.Of(end, askedToStop: false)));
        Assert.Contains("k150: its index changed", end.Describe(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Unhandled exception. System.IO.IOException: no space left on device")]
    [InlineData("{\"result\":{\"taskDigest\":\"d\",\"inp")]
    [InlineData("{\"result\":{\"unknown\":1}}")]
    [InlineData("")]
    [InlineData(null)]
    public void Of_AMessageThatIsNotTheContracts_IsTextForPeople(string? message)
    {
        var end = View(Job(), [Pod("Failed", worker: Terminated(1, message))]).End!;

        Assert.Null(end.Message);
        Assert.Equal(message ?? "", end.Text);
        Assert.Equal((Reason.Failed, ExitClass.Application), (end.Reason, ExitClasses.Of(end, askedToStop: false)));
    }

    [Fact]
    public void Of_AContainerOverItsMemoryLimit_IsOutOfMemory()
    {
        var end = View(Job(), [Pod("Failed", worker: Terminated(137, reason: "OOMKilled"))]).End!;

        Assert.Equal((EndCause.OutOfMemory, Reason.OutOfMemory, 9), (end.Cause, end.Reason, end.Signal));
        Assert.Equal(ExitClass.Application, ExitClasses.Of(end, askedToStop: false));
    }

    [Theory]
    [InlineData("PreemptionByScheduler", EndCause.Disrupted)]
    [InlineData("DeletionByTaintManager", EndCause.Disrupted)]
    [InlineData("EvictionByEvictionAPI", EndCause.Disrupted)]
    [InlineData("TerminationByKubelet", EndCause.Disrupted)]
    [InlineData("DeletionByPodGC", EndCause.NodeLost)]
    public void Of_ADisruptedPod_IsInfrastructureWhateverTheProcessSaid(string reason, EndCause cause)
    {
        foreach (var (code, why) in new[] { (143, "Error"), (1, "Error"), (137, "OOMKilled"), (42, "Error") })
        {
            var end = View(Job(), [Pod("Failed", worker: Terminated(code, reason: why)).With("DisruptionTarget", "True", reason, "words of the controller")]).End!;

            Assert.Equal((cause, ExitClass.Infrastructure), (end.Cause, ExitClasses.Of(end, askedToStop: false)));
            Assert.Contains(reason, end.Describe(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("OOMKilled", null, "on node gpu-3: it used more memory than its container may (spec.compute.limits.memory of a run).")]
    [InlineData("OOMKilled", "step 7", " Its log ends: step 7")]
    [InlineData("Error", null, "on node gpu-3: it was killed, not for its memory limit and not by the operator.")]
    [InlineData("Error", "step 7", "was it shut down, or out of memory as a whole? Its log ends: step 7")]
    public void Describe_OfAKilledWorker_SaysWhatItCouldNot(string reason, string? log, string words)
    {
        var end = View(Job(), [Pod("Failed", worker: Terminated(137, log, reason: reason))]).End!;

        Assert.Contains(words, end.Describe(), StringComparison.Ordinal);
    }

    [Fact]
    public void Describe_OfAKilledWorkerWithALongLog_QuotesItsLastWholeLines()
    {
        string log = string.Join('\n', Enumerable.Range(1, 100).Select(step => $"info: training {step}/100  loss 0.99"));

        string said = View(Job(), [Pod("Failed", worker: Terminated(137, log))]).End!.Describe();

        Assert.Matches(@"Its log ends: info: training 9\d/100", said);
        Assert.EndsWith("info: training 100/100  loss 0.99", said, StringComparison.Ordinal);
        Assert.InRange(said.Length, 1, 500);
    }

    [Fact]
    public void Of_ADisruptionLongAfterTheEnd_ChangesNothing()
    {
        var pod = Pod("Failed", worker: Terminated(1, secondsAgo: 300)).With("DisruptionTarget", "True", "DeletionByPodGC");

        Assert.Equal(EndCause.Exited, View(Job(), [pod]).End!.Cause);
    }

    [Theory]
    [InlineData("NodeLost", "", EndCause.NodeLost)]
    [InlineData("Evicted", "The node was low on resource: memory.", EndCause.Disrupted)]
    [InlineData("Evicted", "Usage of EmptyDir volume \"cache\" exceeds the limit \"1Gi\".", EndCause.OutOfStorage)]
    [InlineData("Evicted", "Pod ephemeral local storage usage exceeds the total limit of containers 1Gi.", EndCause.OutOfStorage)]
    [InlineData("Evicted", "Container worker exceeded its local ephemeral storage limit \"1Gi\".", EndCause.OutOfStorage)]
    [InlineData("Preempting", "Preempted in order to admit critical pod", EndCause.Disrupted)]
    [InlineData("Terminated", "Pod was terminated in response to imminent node shutdown.", EndCause.Disrupted)]
    [InlineData("UnexpectedAdmissionError", "Allocate failed", EndCause.Disrupted)]
    [InlineData("OutOfcpu", "Pod was rejected: Node didn't have enough resource: cpu", EndCause.Disrupted)]
    [InlineData("NodeAffinity", "Predicate NodeAffinity failed", EndCause.Disrupted)]
    public void Of_APodThatItsNodeEnded_IsAsTheNodeSays(string reason, string message, EndCause cause)
    {
        foreach (var worker in new[] { null, Terminated(137) })
        {
            var end = View(Job(), [Pod("Failed", worker: worker, reason: reason, message: message)]).End!;

            Assert.Equal(cause, end.Cause);
            Assert.Equal(cause == EndCause.OutOfStorage ? ExitClass.Application : ExitClass.Infrastructure, ExitClasses.Of(end, askedToStop: false));
            Assert.Contains(reason, end.Describe(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Of_APodThatSomebodyDeleted_IsInfrastructure()
    {
        var end = View(Job(), [Pod("Failed", worker: Terminated(1, secondsAgo: 5)).Deleted(secondsAgo: 10)]).End!;

        Assert.Equal((EndCause.Deleted, ExitClass.Infrastructure), (end.Cause, ExitClasses.Of(end, askedToStop: false)));
    }

    [Fact]
    public void Of_APodThatWasDeletedLongAfterItCrashed_IsStillACrash()
    {
        var end = View(Job(), [Pod("Failed", worker: Terminated(1, secondsAgo: 300)).Deleted(secondsAgo: 10)]).End!;

        Assert.Equal((EndCause.Exited, ExitClass.Application), (end.Cause, ExitClasses.Of(end, askedToStop: false)));
    }

    [Fact]
    public void Of_AFailedInitContainer_NamesIt()
    {
        var pod = Pod("Failed").WithInit(Terminated(3, "no such file"));
        pod.Status.ContainerStatuses = [new() { Name = "worker", State = Waiting("PodInitializing") }];

        var end = View(Job(), [pod]).End!;

        Assert.Equal((EndCause.NeverStarted, null, null), (end.Cause, end.ExitCode, end.StartedAt));
        Assert.Equal(ExitClass.Application, ExitClasses.Of(end, askedToStop: false));
        Assert.Contains("init container setup ended with exit code 3: no such file", end.Describe(), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_AContainerThatNeverStarted_HasNoStart()
    {
        var state = Terminated(128, "exec: ppma-worker: not found", "StartError");
        state.Terminated.StartedAt = DateTime.UnixEpoch;

        var end = View(Job(), [Pod("Failed", worker: state)]).End!;

        Assert.Null(end.StartedAt);
        Assert.Equal(ExitClass.Application, ExitClasses.Of(end, askedToStop: false));
    }

    [Theory]
    [InlineData(85, false)]
    [InlineData(95, true)]
    public void Of_ADeletedPodThatItsNodeDoesNotEnd_IsLostOneMinuteAfterItsGrace(int deletedSecondsAgo, bool lost)
    {
        var view = View(Job(), [Pod("Running", worker: Running(600)).Deleted(deletedSecondsAgo, graceSeconds: 30)]);

        Assert.Equal(lost ? AttemptPhase.Ended : AttemptPhase.Running, view.Phase);
        Assert.True(view.PodsLeft);
        if (lost)
        {
            Assert.Equal((EndCause.NodeLost, Now.AddSeconds(30 - deletedSecondsAgo)), (view.End!.Cause, view.End.FinishedAt));
            Assert.Equal(Now.AddSeconds(-600), view.End.StartedAt);
        }
    }

    [Fact]
    public void Of_AWorkerThatEndedBesideASidecarThatRuns_HasEnded()
    {
        var pod = Pod("Running", worker: Terminated(0, Result, "Completed"));
        pod.Status.ContainerStatuses.Add(new() { Name = "proxy", State = Running() });

        var view = View(Job(), [pod]);

        Assert.Equal((AttemptPhase.Ended, Reason.Completed, true), (view.Phase, view.End!.Reason, view.PodsLeft));
    }

    [Fact]
    public void Of_SeveralPods_TheEarliestEndDecides()
    {
        var view = View(
            Job(),
            [
                Pod("Failed", worker: Terminated(41, secondsAgo: 5)).Named("rank-0"),
                Pod("Failed", worker: Terminated(67, secondsAgo: 20)).Named("rank-1"),
                Pod("Running", worker: Running()).Named("rank-2"),
            ]);

        Assert.Equal(("rank-1", 67, true), (view.Pod, view.End!.ExitCode, view.PodsLeft));
    }

    [Fact]
    public void Of_AJobThatIsGone_WasDeletedByOthers()
    {
        var end = View(null, []).End!;

        Assert.Equal((EndCause.Deleted, Reason.DeletedByOthers, ExitClass.Infrastructure), (end.Cause, end.Reason, ExitClasses.Of(end, askedToStop: false)));
        Assert.Equal(ExitClass.Uncounted, ExitClasses.Of(end, askedToStop: true));
    }

    [Fact]
    public void Of_AJobThatIsBeingDeleted_HasEndedWhenItsPodsAreGone()
    {
        Assert.Equal(AttemptPhase.Ended, View(Job(deleted: Now), []).Phase);
        Assert.Equal(AttemptPhase.Running, View(Job(deleted: Now), [Pod("Running", worker: Running()).Deleted(secondsAgo: 0)]).Phase);
    }

    [Theory]
    [InlineData("Failed", "BackoffLimitExceeded", "failed (BackoffLimitExceeded")]
    [InlineData("Failed", "DeadlineExceeded", "failed (DeadlineExceeded")]
    [InlineData("Complete", "", "is complete, but its pod")]
    public void Of_AJobThatIsOverWithoutAPod_IsDeletedOnceThePodCannotComeToLight(string type, string reason, string said)
    {
        Assert.Equal(AttemptPhase.NoPod, View(Job(conditions: Over(type, reason, secondsAgo: 5)), []).Phase);

        var end = View(Job(conditions: Over(type, reason, secondsAgo: 20)), []).End!;

        Assert.Equal((EndCause.Deleted, ExitClass.Infrastructure), (end.Cause, ExitClasses.Of(end, askedToStop: false)));
        Assert.Contains(said, end.Describe(), StringComparison.Ordinal);
        Assert.Equal(Now.AddSeconds(-20), end.FinishedAt);
    }
}
