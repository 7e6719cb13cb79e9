using k8s;
using k8s.Models;

namespace Ppma.Controllers.Events;

/// <summary>Tells people what happened, as Kubernetes Events. Never blocks and never fails: events are for people, status is the truth.</summary>
public interface IEventRecorder
{
    /// <param name="about">The object the event is shown at.</param>
    /// <param name="severity">Normal, or Warning for what a person should look at.</param>
    /// <param name="reason">CamelCase.</param>
    /// <param name="message">For people; cut to 1,024 characters.</param>
    void Record(IKubernetesObject<V1ObjectMeta> about, EventSeverity severity, string reason, string message);
}
