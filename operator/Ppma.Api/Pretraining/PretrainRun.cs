using k8s.Models;
using Ppma.Api.Runs;

namespace Ppma.Api.Pretraining;

/// <summary>One pre-training, in one or more stages. Its spec is fixed once it exists, and a run that ended never starts again.</summary>
[KubernetesEntity(Group = ApiGroup.Group, ApiVersion = ApiGroup.Version, Kind = KindName, PluralName = "pretrainruns")]
public sealed class PretrainRun : Resource<PretrainRunSpec, RunStatus>
{
    public const string KindName = "PretrainRun";

    public PretrainRun() => Kind = KindName;
}
