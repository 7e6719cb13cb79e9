using System.ComponentModel.DataAnnotations;
using Ppma.Api.Schemas;

namespace Ppma.Api.Runs;

/// <summary>What the run's pods look like. On a laptop only <see cref="Threads"/> has an effect.</summary>
public sealed record ComputeSettings
{
    /// <summary>Worker image; left out, the operator's default.</summary>
    [MaxLength(512)]
    public string? Image { get; init; }

    /// <summary>When a node pulls the image.</summary>
    public PullPolicy PullPolicy { get; init; } = PullPolicy.IfNotPresent;

    /// <summary>Secrets with the passwords of image registries.</summary>
    [MaxLength(8)]
    public IList<ResourceReference> PullSecrets { get; init; } = [];

    /// <summary>Pods that train together. More than 1 needs distributed training, which is not available yet.</summary>
    [Range(1, 64)]
    public int Workers { get; init; } = 1;

    /// <summary>GPUs a pod; 0 computes on CPU. More than 1 needs distributed training, which is not available yet.</summary>
    [Range(0, 16)]
    public int GpusPerWorker { get; init; }

    /// <summary>The extended resource that counts as a GPU.</summary>
    [Required, MaxLength(253)]
    public string GpuResourceName { get; init; } = "nvidia.com/gpu";

    /// <summary>Resource requests by name, as Kubernetes quantities.</summary>
    [MaxLength(16), Items(MaxLength = 32, Pattern = Quantity.Pattern)]
    public IDictionary<string, string> Requests { get; init; } = new Dictionary<string, string>();

    /// <summary>Resource limits by name, as Kubernetes quantities.</summary>
    [MaxLength(16), Items(MaxLength = 32, Pattern = Quantity.Pattern)]
    public IDictionary<string, string> Limits { get; init; } = new Dictionary<string, string>();

    /// <summary>Labels that a node must have.</summary>
    [MaxLength(16), Items(MaxLength = 63)]
    public IDictionary<string, string> NodeSelector { get; init; } = new Dictionary<string, string>();

    /// <summary>Taints of nodes that the pods put up with.</summary>
    [MaxLength(16)]
    public IList<Toleration> Tolerations { get; init; } = [];

    /// <summary>Who is scheduled first, and who makes room.</summary>
    [MaxLength(253)]
    public string? PriorityClassName { get; init; }

    /// <summary>Node label within whose values the workers should lie together.</summary>
    [MaxLength(253)]
    public string? TopologyKey { get; init; }

    /// <summary>Size of <c>/dev/shm</c>, a Kubernetes quantity.</summary>
    [MaxLength(32), RegularExpression(Quantity.Pattern)]
    public string? ShmSize { get; init; }

    /// <summary>Threads of libtorch inside an operation, and of decoding. 0: as many as the machine has cores.</summary>
    [Range(0, 1024)]
    public int Threads { get; init; }

    /// <summary>The pods' service account; must carry the annotation <c>ppma.cloud/allow-runs: "true"</c>.</summary>
    [MaxLength(253)]
    public string? ServiceAccountName { get; init; }

    /// <summary>Kueue queue; the run waits there for its quota.</summary>
    [MaxLength(63)]
    public string? QueueName { get; init; }

    /// <summary>How containers are run.</summary>
    [MaxLength(253)]
    public string? RuntimeClassName { get; init; }

    /// <summary>Which scheduler places the pods; left out, the cluster's own.</summary>
    [MaxLength(253)]
    public string? SchedulerName { get; init; }

    /// <summary>Further labels of the pods.</summary>
    [MaxLength(32), Items(MaxLength = 63)]
    public IDictionary<string, string> PodLabels { get; init; } = new Dictionary<string, string>();

    /// <summary>Further annotations of the pods.</summary>
    [MaxLength(32), Items(MaxLength = 4096)]
    public IDictionary<string, string> PodAnnotations { get; init; } = new Dictionary<string, string>();

    /// <summary>Strategic merge patch over the finished pod template; checked after merging.</summary>
    public IDictionary<string, object>? PodTemplateOverrides { get; init; }
}
