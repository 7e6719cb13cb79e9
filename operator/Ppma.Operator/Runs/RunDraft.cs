using Ppma.Api;
using Ppma.Api.Conditions;
using Ppma.Api.Runs;
using Ppma.Controllers.Events;

namespace Ppma.Operator.Runs;

/// <summary>A decision while it is being made.</summary>
internal sealed class RunDraft(RunObservation observation) : Draft(observation.Run.Generation, observation.Now)
{
    private readonly List<RunEvent> _events = [];

    public RunObservation Observation => observation;

    public RunView Run => observation.Run;

    public RunSettings Settings => observation.Run.Settings;

    public RunStatus Status { get; set; } = observation.Run.Status with { ObservedGeneration = observation.Run.Generation };

    /// <summary>The stage that is worked at: the first without a result.</summary>
    public StageStatus? Stage => Status.Stages.FirstOrDefault(stage => stage.State != StageState.Succeeded);

    protected override IList<Condition> Conditions { get => Status.Conditions; set => Status = Status with { Conditions = value }; }

    /// <summary>The run is being worked at, or waits for what comes by itself.</summary>
    public void Reconciling(Reason reason, string message)
    {
        Set(Finding.Unknown(ConditionType.Ready, reason, message));
        Set(Finding.True(ConditionType.Reconciling, reason, message));
        Remove(ConditionType.Stalled);
    }

    /// <summary>Nothing will happen until a person does something.</summary>
    public void Stalled(Reason reason, string message)
    {
        Set(Finding.Unknown(ConditionType.Ready, reason, message));
        Set(Finding.True(ConditionType.Stalled, reason, message));
        Remove(ConditionType.Reconciling);
    }

    /// <summary>Neither worked at nor stuck.</summary>
    public void Resting(Reason reason, string message)
    {
        Set(Finding.Unknown(ConditionType.Ready, reason, message));
        Remove(ConditionType.Reconciling, ConditionType.Stalled);
    }

    /// <summary>What was said when an attempt was stopped for a reason; null when nothing was.</summary>
    public string? Said(Reason reason) =>
        Status.Conditions.Find(ConditionType.Progressing) is { Message: { Length: > 0 } message } said && said.Reason == reason.ToString() ? message : null;

    /// <summary>Puts a stage in the place of the one of its name.</summary>
    public StageStatus Put(StageStatus stage)
    {
        Status = Status with { Stages = [.. Status.Stages.Select(other => other.Name == stage.Name ? stage : other)] };
        return stage;
    }

    public void Tell(EventSeverity severity, string reason, string message) => _events.Add(new(severity, reason, message));

    public RunDecision Do(RunAction action) => new(action, Status, _events, RequeueAfter);

    public RunDecision Rest() => new(Action: null, StatusLimits.Fit(Status), _events, RequeueAfter);
}
