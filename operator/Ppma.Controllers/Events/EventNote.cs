using System.Buffers;
using System.Text.Unicode;
using k8s;
using k8s.Models;
using Ppma.Controllers.Requests;

namespace Ppma.Controllers.Events;

/// <summary>Something to tell: once, whatever became of it.</summary>
/// <param name="About">The object it is told of; identity only, so that a note keeps no object alive.</param>
/// <param name="Severity">Whether a person should look at it.</param>
/// <param name="Reason">CamelCase.</param>
/// <param name="Message">What the server will take of the message.</param>
internal sealed record EventNote(EventSubject About, EventSeverity Severity, string Reason, string Message)
{
    /// <summary>The server counts bytes.</summary>
    private const int MaxMessageBytes = 1024;

    private const string Ellipsis = "…";
    private const int EllipsisBytes = 3;

    public static EventNote Of(IKubernetesObject<V1ObjectMeta> about, EventSeverity severity, string reason, string message) =>
        new(EventSubject.Of(about), severity, reason, Cut(message));

    private static string Cut(string message)
    {
        Span<byte> bytes = stackalloc byte[MaxMessageBytes];
        if (Utf8.FromUtf16(message, bytes, out _, out _) == OperationStatus.Done)
        {
            return message;
        }

        Utf8.FromUtf16(message, bytes[..^EllipsisBytes], out int kept, out _);
        return message[..kept] + Ellipsis;
    }
}

/// <summary>Which object an event is about.</summary>
internal sealed record EventSubject(string ApiVersion, string Kind, string Namespace, string Name, string Uid)
{
    public static EventSubject Of(IKubernetesObject<V1ObjectMeta> about)
    {
        ResourceType type = ResourceType.Of(about.GetType());
        V1ObjectMeta metadata = about.Metadata;
        return new EventSubject(type.ApiVersion, type.Kind, metadata.NamespaceProperty ?? "", metadata.Name ?? "", metadata.Uid ?? "");
    }
}
