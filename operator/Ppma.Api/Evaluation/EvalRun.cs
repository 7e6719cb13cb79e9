using k8s.Models;

namespace Ppma.Api.Evaluation;

/// <summary>One trial: one model, one data set, one protocol, one seed. Its spec is fixed once it exists, and a trial that ended never starts again.</summary>
[KubernetesEntity(Group = ApiGroup.Group, ApiVersion = ApiGroup.Version, Kind = KindName, PluralName = "evalruns")]
public sealed class EvalRun : Resource<EvalRunSpec, EvalRunStatus>
{
    public const string KindName = "EvalRun";

    public EvalRun() => Kind = KindName;
}
