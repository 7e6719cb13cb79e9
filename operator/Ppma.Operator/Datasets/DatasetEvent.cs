using Ppma.Api.Conditions;
using Ppma.Controllers.Events;

namespace Ppma.Operator.Datasets;

/// <summary>Something that happened to a data set, for people.</summary>
internal sealed record DatasetEvent(EventSeverity Severity, Reason Reason, string Message);
