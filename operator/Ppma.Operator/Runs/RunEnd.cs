using Ppma.Api.Conditions;
using Ppma.Api.Runs;

namespace Ppma.Operator.Runs;

/// <summary>Whether a run is over. What is over stays over.</summary>
internal static class RunEnd
{
    public static bool IsTerminal(RunStatus? status) => status?.CompletionTime is not null;

    public static bool IsSuccess(RunStatus? status) => (status?.Conditions ?? []).Is(ConditionType.Succeeded, ConditionStatus.True);
}
