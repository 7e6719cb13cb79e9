using Ppma.Api.Conditions;
using Ppma.Api.Runs;

namespace Ppma.Operator.Runs;

/// <summary>Whether a run is over, and how. What is over stays over.</summary>
internal static class RunEnd
{
    public static bool IsTerminal(RunStatus? status) => status?.CompletionTime is not null;

    public static bool IsSuccess(RunStatus? status) => (status?.Conditions ?? []).Is(ConditionType.Succeeded, ConditionStatus.True);

    /// <summary>How a run ended, else the state of the stage that it is at.</summary>
    public static string State(RunStatus status) => status switch
    {
        _ when IsSuccess(status) => nameof(StageState.Succeeded),
        _ when IsTerminal(status) => status.Conditions.Find(ConditionType.Ready)?.Reason == nameof(Reason.Cancelled) ? nameof(StageState.Cancelled) : nameof(StageState.Failed),
        _ => status.Stages.FirstOrDefault(stage => stage.State != StageState.Succeeded)?.State.ToString() ?? nameof(StageState.Waiting),
    };
}
