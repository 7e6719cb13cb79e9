using Ppma.Controllers.Events;

namespace Ppma.Operator.Runs;

/// <summary>Something that happened to a run, for people.</summary>
internal sealed record RunEvent(EventSeverity Severity, string Reason, string Message);
