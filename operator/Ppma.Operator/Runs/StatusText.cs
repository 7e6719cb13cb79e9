using k8s;
using Ppma.Api.Evaluation;
using Ppma.Api.Runs;

namespace Ppma.Operator.Runs;

/// <summary>A status as it would be sent, to see whether it differs.</summary>
internal static class StatusText
{
    public static string Of(RunStatus status) => status is EvalRunStatus eval ? KubernetesJson.Serialize(eval) : KubernetesJson.Serialize(status);
}
