using k8s.Models;
using Ppma.Api.Conditions;
using Ppma.Operator.Attempts;
using static Ppma.Operator.Tests.Attempts.TestAttempt;

namespace Ppma.Operator.Tests.Attempts;

/// <summary>Why a worker does not run yet: whose words are believed, and which reason they get.</summary>
public sealed class PendingWhyTests
{
    [Fact]
    public void Of_AJobWithoutAPod_WaitsForIt()
    {
        var view = View(Job(), []);

        Assert.Equal((AttemptPhase.NoPod, Reason.WaitingForPod, false), (view.Phase, view.Pending!.Reason, view.PodsLeft));
    }

    [Theory]
    [InlineData("gpus", "waits in queue gpus for quota")]
    [InlineData(null, "is suspended by somebody")]
    public void Of_ASuspendedJob_WaitsForQuota(string? queue, string said)
    {
        var pending = View(Job(suspend: true, queue: queue), []).Pending!;

        Assert.True(pending is { Reason: Reason.WaitingForQuota, IsQueued: true, IsUnscheduled: true });
        Assert.Contains(said, pending.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Error creating: pods \"x\" is forbidden: exceeded quota: gpus, requested: nvidia.com/gpu=1, used: 8, limited: 8", Reason.QuotaExceeded)]
    [InlineData("Error creating: pods \"x\" is forbidden: failed quota: gpus: must specify limits.memory", Reason.QuotaExceeded)]
    [InlineData("Error creating: pods \"x\" is forbidden: maximum memory usage per Container is 1Gi, but limit is 2Gi", Reason.QuotaExceeded)]
    [InlineData("Error creating: pods \"x\" is forbidden: violates PodSecurity \"restricted:latest\": host namespaces", Reason.PodRefused)]
    [InlineData("Error creating: pods \"x\" is forbidden: error looking up service account ns/trainer: serviceaccount \"trainer\" not found", Reason.PodRefused)]
    [InlineData("Error creating: pods \"x\" is forbidden: no PriorityClass with name high was found", Reason.PodRefused)]
    [InlineData("Error creating: admission webhook \"policy.example.org\" denied the request: no", Reason.PodRefused)]
    [InlineData("Error creating: Pod \"x\" is invalid: spec.containers[0].image: Required value", Reason.PodRefused)]
    [InlineData("Error creating: Internal error occurred: failed calling webhook: context deadline exceeded", Reason.WaitingForPod)]
    public void Of_AJobThatCannotMakeItsPod_SaysTheServersWords(string message, Reason reason)
    {
        var pending = View(Job(), [], Event("FailedCreate", message, about: JobUid)).Pending!;

        Assert.Equal(reason, pending.Reason);
        Assert.Contains(message, pending.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_AFailedCreateBeforeAGoodOne_IsForgotten() => Assert.Equal(
        Reason.WaitingForPod,
        View(Job(), [], Event("SuccessfulCreate", "Created pod", 5, JobUid), Event("FailedCreate", "exceeded quota", 60, JobUid)).Pending!.Reason);

    [Fact]
    public void Of_EventsOfOtherObjects_AreNotBelieved() =>
        Assert.Equal(Reason.WaitingForPod, View(Job(), [], Event("FailedCreate", "exceeded quota", about: "another")).Pending!.Reason);

    [Fact]
    public void Of_AnUnschedulablePod_SaysTheSchedulersWords()
    {
        var view = View(Job(), [Pod(node: null).With("PodScheduled", "False", "Unschedulable", "0/3 nodes are available: 3 Insufficient nvidia.com/gpu.")]);

        Assert.Equal((AttemptPhase.Pending, true, null), (view.Phase, view.PodsLeft, view.Node));
        Assert.True(view.Pending is { Reason: Reason.Unschedulable, ScaleUpSeen: false, IsUnscheduled: true, IsQueued: false });
        Assert.Contains("3 Insufficient nvidia.com/gpu", view.Pending.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("TriggeredScaleUp", 0, true)]
    [InlineData("Nominated", 0, true)]
    [InlineData("NotTriggerScaleUp", 0, false)]
    [InlineData("TriggeredScaleUp", 120, false)]
    public void Of_AnUnschedulablePod_KnowsWhetherANodeComes(string reason, int secondsAgo, bool comes)
    {
        var pod = Pod(node: null).With("PodScheduled", "False", "Unschedulable", "none");

        var pending = View(Job(), [pod], Event(reason, "pool gpu 1->2", secondsAgo), Event("NotTriggerScaleUp", "max size reached", 60)).Pending!;

        Assert.Equal(comes, pending.ScaleUpSeen);
        Assert.Equal(comes, pending.Message.Contains("adding a node", StringComparison.Ordinal));
    }

    [Fact]
    public void Of_APodThatNoSchedulerLookedAt_NamesTheScheduler()
    {
        var pod = Pod(node: null);
        pod.Spec.SchedulerName = "volcano";

        var pending = View(Job(), [pod]).Pending!;

        Assert.Equal(Reason.Unschedulable, pending.Reason);
        Assert.Contains("volcano", pending.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_AGatedPod_WaitsForQuota() => Assert.True(
        View(Job(), [Pod(node: null).With("PodScheduled", "False", "SchedulingGated", "gates")]).Pending is { IsQueued: true });

    [Theory]
    [InlineData("ErrImagePull", "manifest unknown", Reason.ImagePullFailed)]
    [InlineData("ImagePullBackOff", "Back-off pulling image", Reason.ImagePullFailed)]
    [InlineData("InvalidImageName", "couldn't parse", Reason.ImagePullFailed)]
    [InlineData("ErrImageNeverPull", "not present", Reason.ImagePullFailed)]
    [InlineData("ImageInspectError", "x", Reason.ImagePullFailed)]
    [InlineData("RegistryUnavailable", "x", Reason.ImagePullFailed)]
    [InlineData("SignatureValidationFailed", "x", Reason.ImagePullFailed)]
    [InlineData("CreateContainerConfigError", "secret \"store\" not found", Reason.MissingSecret)]
    [InlineData("CreateContainerConfigError", "couldn't find key sas in Secret research/store", Reason.MissingSecret)]
    [InlineData("CreateContainerConfigError", "configmap \"x\" not found", Reason.MissingSecret)]
    [InlineData("CreateContainerConfigError", "container has runAsNonRoot and image will run as root", Reason.ContainerNotStarted)]
    [InlineData("CreateContainerError", "context deadline exceeded", Reason.ContainerNotStarted)]
    [InlineData("RunContainerError", "exec failed", Reason.ContainerNotStarted)]
    [InlineData("CrashLoopBackOff", "back-off", Reason.ContainerNotStarted)]
    [InlineData("ContainerCreating", "", Reason.Starting)]
    [InlineData("PodInitializing", "", Reason.Starting)]
    public void Of_AWaitingContainer_SaysTheNodesWords(string waiting, string message, Reason reason)
    {
        var pending = View(Job(), [Pod(worker: Waiting(waiting, message))]).Pending!;

        Assert.Equal((reason, false), (pending.Reason, pending.IsUnscheduled));
        Assert.Contains(reason == Reason.Starting ? "gpu-3" : message, pending.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("FailedMount", "MountVolume.SetUp failed for volume \"secret-0\" : secret \"store\" not found", Reason.MissingSecret)]
    [InlineData("FailedMount", "MountVolume.SetUp failed for volume \"secret-0\" : references non-existent secret key: sas", Reason.MissingSecret)]
    [InlineData("FailedMount", "MountVolume.SetUp failed for volume \"task\" : configmap \"x\" not found", Reason.MissingSecret)]
    [InlineData("FailedMount", "Unable to attach or mount volumes: timed out", Reason.MissingVolume)]
    [InlineData("FailedAttachVolume", "Multi-Attach error", Reason.MissingVolume)]
    [InlineData("FailedMapVolume", "x", Reason.MissingVolume)]
    [InlineData("FailedCreatePodSandBox", "failed to set up network", Reason.ContainerNotStarted)]
    [InlineData("NetworkNotReady", "cni plugin not initialized", Reason.ContainerNotStarted)]
    public void Of_AContainerThatIsBeingCreated_BelievesTheNewestEvent(string happened, string message, Reason reason)
    {
        var pod = Pod(worker: Waiting("ContainerCreating"));
        var bad = Event(happened, message, secondsAgo: 60);

        Assert.Equal(reason, View(Job(), [pod], bad).Pending!.Reason);
        Assert.Equal(reason, View(Job(), [pod], bad, Event("SuccessfulAttachVolume", "ok", 120)).Pending!.Reason);
        Assert.Equal(Reason.Starting, View(Job(), [pod], bad, Event("Pulling", "pulling", 5)).Pending!.Reason);
    }

    [Fact]
    public void Of_AnInitContainerWithoutItsImage_NamesIt()
    {
        var pending = View(Job(), [Pod(worker: Waiting("PodInitializing")).WithInit(Waiting("ImagePullBackOff", "no"))]).Pending!;

        Assert.Equal(Reason.ImagePullFailed, pending.Reason);
        Assert.Contains("Container setup", pending.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "Init container setup")]
    [InlineData(true, "is being started")]
    public void Of_ARunningInitContainer_SaysSoUnlessItIsASidecar(bool? started, string said)
    {
        var pending = View(Job(), [Pod(worker: Waiting("PodInitializing")).WithInit(Running(), started)]).Pending!;

        Assert.Equal(Reason.Starting, pending.Reason);
        Assert.Contains(said, pending.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_ARunningWorker_IsRunningWithItsAddress()
    {
        var view = View(Job(), [Pod("Running", worker: Running(60))]);

        Assert.Equal((AttemptPhase.Running, Now.AddSeconds(-60), "10.1.2.3", "gpu-3", true), (view.Phase, view.RunningSince, view.Address, view.Node, view.PodsLeft));
        Assert.Null(view.Pending);
        Assert.Null(view.End);
    }

    [Fact]
    public void Of_APodThatIsReplaced_LooksAtTheOneThatStays()
    {
        var view = View(Job(), [Pod("Running", worker: Running(600)).Named("old", 600).Deleted(5), Pod(worker: Waiting("ContainerCreating")).Named("new", 1)]);

        Assert.Equal(("new", AttemptPhase.Pending, true), (view.Pod, view.Phase, view.PodsLeft));
    }

    [Fact]
    public void Of_AnEventThatOnlyHasASeries_IsDatedByIt()
    {
        var series = new Corev1Event
        {
            InvolvedObject = new() { Uid = PodUid }, Reason = "FailedMount", Message = "timed out",
            EventTime = Now.AddMinutes(-10), Series = new() { LastObservedTime = Now },
        };

        var pending = View(Job(), [Pod(worker: Waiting("ContainerCreating"))], series, Event("Pulling", "pulling", secondsAgo: 60)).Pending!;

        Assert.Equal(Reason.MissingVolume, pending.Reason);
    }
}
