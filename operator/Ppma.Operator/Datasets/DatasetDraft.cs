using k8s.Models;
using Ppma.Api;
using Ppma.Api.Conditions;
using Ppma.Api.Datasets;
using Ppma.Controllers.Events;
using Ppma.Operator.Runs;

namespace Ppma.Operator.Datasets;

/// <summary>A decision while it is being made.</summary>
internal sealed class DatasetDraft(DatasetObservation observation) : Draft(observation.Generation, observation.Now)
{
    private readonly List<DatasetEvent> _events = [];
    private readonly List<V1Job> _delete = [];

    public DatasetObservation Observation => observation;

    public VideoDatasetSpec Spec => observation.Dataset.Spec;

    public VideoDatasetStatus Before => observation.Status;

    public VideoDatasetStatus Status { get; set; } = observation.Status with { ObservedGeneration = observation.Generation };

    /// <summary>Whether the spec as it stands was verified once: then a verification under way changes nothing before it ends.</summary>
    public bool IsVerified => Status.VerifiedGeneration == observation.Generation;

    /// <summary>Whether the spec changed since it was acted on last, and was not verified as it stands.</summary>
    public bool IsSpecNew => Before.ObservedGeneration != observation.Generation && !IsVerified;

    protected override IList<Condition> Conditions { get => Status.Conditions; set => Status = Status with { Conditions = value }; }

    /// <summary>Nothing is known yet of the spec as it stands, and something is done about it.</summary>
    public void Unknown(Reason reason, string message)
    {
        Set(Finding.Unknown(ConditionType.Ready, reason, message));
        Set(Finding.Unknown(ConditionType.Verified, reason, message));
        Set(Finding.True(ConditionType.Reconciling, reason, message));
        Remove(ConditionType.Stalled, ConditionType.Attested);
    }

    /// <summary>Whether runs may use it; until a person does something where they may not.</summary>
    public void Ready(Finding ready)
    {
        Set(ready);
        Remove(ConditionType.Reconciling, ConditionType.Stalled);
        if (ready.Status == ConditionStatus.False)
        {
            Set(Finding.True(ConditionType.Stalled, ready.Reason, ready.Message));
        }
    }

    public void Tell(EventSeverity severity, Reason reason, string message) => _events.Add(new(severity, reason, message));

    public void Delete(V1Job job) => _delete.Add(job);

    public bool Deletes(V1Job job) => _delete.Contains(job);

    public DatasetDecision Start() => new() { Start = observation.NextAttempt, Status = Status };

    public DatasetDecision Rest() => new()
    {
        Status = Status,
        Events = _events,
        Delete = _delete,
        RetiredGeneration = Before.ObservedGeneration > 0 && Before.ObservedGeneration != observation.Generation ? Before.ObservedGeneration : null,
        RequeueAfter = RequeueAfter,
    };
}
