namespace Ppma.Controllers.Events;

/// <summary>The type of a Kubernetes Event.</summary>
public enum EventSeverity
{
    Normal,
    Warning,
}
