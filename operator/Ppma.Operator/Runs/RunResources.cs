using k8s.Models;
using Ppma.Api.Datasets;
using Ppma.Api.Evaluation;
using Ppma.Api.Pretraining;
using Ppma.Controllers.Caching;
using Ppma.Controllers.Requests;

namespace Ppma.Operator.Runs;

/// <summary>The kinds that runs are made of.</summary>
internal sealed record RunResources
{
    public required IResourceCache<VideoDataset> Datasets { get; init; }

    public required IResourceCache<PretrainRun> PretrainRuns { get; init; }

    /// <summary>With <see cref="RunIndexes.ByDataset"/>.</summary>
    public required IResourceCache<EvalRun> EvalRuns { get; init; }

    public required IResources<V1Job> Jobs { get; init; }

    /// <summary>Never created here, only asked what the API server would say to one.</summary>
    public required IResources<V1Pod> Pods { get; init; }

    /// <summary>Not cached: read when an attempt has to start.</summary>
    public required IResources<V1ConfigMap> ConfigMaps { get; init; }
}
