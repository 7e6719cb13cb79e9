using System.Security.Cryptography;
using System.Text;
using k8s.Models;

namespace Ppma.Controllers.Events;

/// <summary>One Event of the API server: a note, and how often it was told.</summary>
internal sealed class EventSeries
{
    private const int MaxNameLength = 253;
    private const int HashCharacters = 16;

    public EventSeries(EventNote note, DateTimeOffset firstSeen)
    {
        (Note, FirstSeen, LastSeen) = (note, WithMicroseconds(firstSeen), firstSeen);

        // The same for every try to create it, so that one whose answer was lost is not told twice.
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{note.About.Uid}\n{note.Severity}\n{note.Reason}\n{note.Message}\n{FirstSeen.Ticks}"));
        string name = note.About.Name;
        int length = Math.Min(name.Length, MaxNameLength - HashCharacters - 1);
        Key = new ObjectKey(
            note.About.Namespace.Length > 0 ? note.About.Namespace : "default",
            $"{name[..length].TrimEnd('.', '-')}.{Convert.ToHexStringLower(hash)[..HashCharacters]}");
    }

    public EventNote Note { get; }

    public ObjectKey Key { get; }

    public DateTimeOffset FirstSeen { get; }

    public DateTimeOffset LastSeen { get; set; }

    public int Count { get; set; } = 1;

    /// <param name="controller">Who reports: <c>example.com/controller</c>.</param>
    /// <param name="instance">Which of its processes.</param>
    public Eventsv1Event ToEvent(string controller, string instance) => new()
    {
        ApiVersion = "events.k8s.io/v1",
        Kind = "Event",
        Metadata = new V1ObjectMeta { Name = Key.Name, NamespaceProperty = Key.Namespace },
        EventTime = FirstSeen.UtcDateTime,
        Series = ToSeries(),
        ReportingController = controller,
        ReportingInstance = instance,
        Action = "Reconcile",
        Reason = Note.Reason,
        Type = Note.Severity.ToString(),
        Note = Note.Message,
        Regarding = new V1ObjectReference
        {
            ApiVersion = Note.About.ApiVersion,
            Kind = Note.About.Kind,
            Name = Note.About.Name,
            NamespaceProperty = Note.About.Namespace.Length > 0 ? Note.About.Namespace : null,
            Uid = Note.About.Uid,
        },
    };

    /// <summary>What changes of the event when it is told again; the server allows no other change. Null the first time.</summary>
    public Eventsv1EventSeries? ToSeries() =>
        Count == 1 ? null : new Eventsv1EventSeries { Count = Count, LastObservedTime = WithMicroseconds(LastSeen).UtcDateTime };

    /// <summary>The server refuses a MicroTime without a fraction, and the client writes none for a full second.</summary>
    private static DateTimeOffset WithMicroseconds(DateTimeOffset time)
    {
        DateTimeOffset rounded = time.AddTicks(-(time.Ticks % TimeSpan.TicksPerMicrosecond));
        return rounded.Ticks % TimeSpan.TicksPerSecond == 0 ? rounded.AddMicroseconds(1) : rounded;
    }
}
