using Ppma.Api.Conditions;
using Ppma.Api.Runs;
using Ppma.Controllers.Events;

namespace Ppma.Operator.Runs;

/// <summary>A decision while it is being made.</summary>
internal sealed class RunDraft(RunObservation observation)
{
    private readonly List<RunEvent> _events = [];
    private TimeSpan? _requeueAfter;

    public RunObservation Observation => observation;

    public RunView Run => observation.Run;

    public RunSettings Settings => observation.Run.Settings;

    /// <summary>UTC.</summary>
    public DateTime Now => observation.Now.UtcDateTime;

    public RunStatus Status { get; set; } = observation.Run.Status with { ObservedGeneration = observation.Run.Generation };

    /// <summary>The stage that is worked at: the first without a result.</summary>
    public StageStatus? Stage => Status.Stages.FirstOrDefault(stage => stage.State != StageState.Succeeded);

    public void Set(Finding finding) => Status = Status with
    {
        Conditions = Status.Conditions.With(finding.Type, finding.Status, finding.Reason, finding.Message, Run.Generation, observation.Now),
    };

    public void Remove(params ReadOnlySpan<ConditionType> types)
    {
        foreach (var type in types)
        {
            Status = Status with { Conditions = Status.Conditions.Without(type) };
        }
    }

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

    public void LookAgainAt(DateTime time) => LookAgainAfter(time - Now);

    public void LookAgainAfter(TimeSpan time)
    {
        var wait = time < TimeSpan.FromMilliseconds(1) ? TimeSpan.FromMilliseconds(1) : time;
        _requeueAfter = _requeueAfter is { } sooner && sooner < wait ? sooner : wait;
    }

    public RunDecision Do(RunAction action) => new(action, Status, _events, _requeueAfter);

    public RunDecision Rest() => new(Action: null, StatusLimits.Fit(Status), _events, _requeueAfter);
}
