using k8s.Models;
using Ppma.Operator.Attempts;

namespace Ppma.Operator.Tests.Attempts;

/// <summary>Objects as the API server tells of one attempt.</summary>
internal static class TestAttempt
{
    public const string JobUid = "job-uid";
    public const string PodUid = "pod-uid";
    public static readonly DateTime Now = new(2026, 11, 23, 12, 0, 0, DateTimeKind.Utc);

    public static AttemptView View(V1Job? job, IReadOnlyList<V1Pod> pods, params Corev1Event[] events) => AttemptView.Of(job, pods, events, Now);

    public static V1Job Job(bool? suspend = null, string? queue = null, DateTime? deleted = null, params V1JobCondition[] conditions) => new()
    {
        Metadata = new()
        {
            Name = "ppma-mae-7eab46-a1", Uid = JobUid, DeletionTimestamp = deleted,
            Labels = queue is null ? null : new Dictionary<string, string> { ["kueue.x-k8s.io/queue-name"] = queue },
        },
        Spec = new() { Suspend = suspend },
        Status = new() { Conditions = conditions },
    };

    public static V1JobCondition Over(string type, string reason, int secondsAgo) =>
        new() { Type = type, Status = "True", Reason = reason, Message = "words of the controller", LastTransitionTime = Now.AddSeconds(-secondsAgo) };

    public static V1Pod Pod(string phase = "Pending", string? node = "gpu-3", V1ContainerState? worker = null, string? reason = null, string? message = null) => new()
    {
        Metadata = new() { Name = "ppma-mae-7eab46-a1-x", Uid = PodUid, CreationTimestamp = Now.AddMinutes(-30) },
        Spec = new() { NodeName = node },
        Status = new()
        {
            Phase = phase,
            PodIP = node is null ? null : "10.1.2.3",
            Reason = reason,
            Message = message,
            ContainerStatuses = worker is null ? null : [new() { Name = "worker", State = worker }],
        },
    };

    public static V1Pod Deleted(this V1Pod pod, int secondsAgo, int graceSeconds = 30)
    {
        pod.Metadata.DeletionTimestamp = Now.AddSeconds(graceSeconds - secondsAgo);
        pod.Metadata.DeletionGracePeriodSeconds = graceSeconds;
        return pod;
    }

    public static V1Pod With(this V1Pod pod, string type, string status, string reason, string message = "", int secondsAgo = 0)
    {
        pod.Status.Conditions = [.. pod.Status.Conditions ?? [], new() { Type = type, Status = status, Reason = reason, Message = message, LastTransitionTime = Now.AddSeconds(-secondsAgo) }];
        return pod;
    }

    public static V1Pod WithInit(this V1Pod pod, V1ContainerState state, bool? started = null)
    {
        pod.Status.InitContainerStatuses = [new() { Name = "setup", State = state, Started = started }];
        return pod;
    }

    public static V1Pod Named(this V1Pod pod, string name, int createdSecondsAgo = 0)
    {
        pod.Metadata.Name = name;
        pod.Metadata.CreationTimestamp = Now.AddSeconds(-createdSecondsAgo);
        return pod;
    }

    public static V1ContainerState Running(int secondsAgo = 60) => new() { Running = new() { StartedAt = Now.AddSeconds(-secondsAgo) } };

    public static V1ContainerState Waiting(string reason, string message = "") => new() { Waiting = new() { Reason = reason, Message = message } };

    public static V1ContainerState Terminated(int exitCode, string? message = null, string reason = "Error", int secondsAgo = 0) => new()
    {
        Terminated = new()
        {
            ExitCode = exitCode, Message = message, Reason = reason, StartedAt = Now.AddSeconds(-600), FinishedAt = Now.AddSeconds(-secondsAgo),
        },
    };

    public static Corev1Event Event(string reason, string message, int secondsAgo = 0, string about = PodUid) => new()
    {
        InvolvedObject = new() { Uid = about }, Reason = reason, Message = message, LastTimestamp = Now.AddSeconds(-secondsAgo),
    };
}
