using k8s;
using k8s.Models;

namespace Ppma.Controllers.Events;

/// <summary>
/// Tells people what happened, as Kubernetes Events. Never blocks and never fails: events are for people, status is the truth.
/// So record only what status already says, after the write of it has succeeded: who tells first and then fails to write, tells it again.
/// </summary>
public interface IEventRecorder
{
    /// <param name="about">The object the event is shown at.</param>
    /// <param name="severity">Normal, or Warning for what a person should look at.</param>
    /// <param name="reason">CamelCase, at most 128 characters.</param>
    /// <param name="message">For people; cut to 1,024 bytes of UTF-8. The same one within ten minutes is counted, not repeated.</param>
    void Record(IKubernetesObject<V1ObjectMeta> about, EventSeverity severity, string reason, string message);
}
