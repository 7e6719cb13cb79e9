using k8s.Models;
using Ppma.Api.Runs;
using Ppma.Api.Tasks;

namespace Ppma.Operator.Pods;

/// <summary>The pod of an attempt, before overrides.</summary>
internal static class PodBuilder
{
    private const string TaskVolume = "task";

    public static V1PodSpec Build(JobRequest request, PodSettings settings)
    {
        var (compute, secrets) = (request.Compute, MountedSecret.Of(request.Task));
        IReadOnlyList<MountedClaim> claims = [.. request.Claims.Where(claim => claim.IsMountable)];
        return new()
        {
            RestartPolicy = "Never",
            TerminationGracePeriodSeconds = GracePeriod.Of(request.Task),
            AutomountServiceAccountToken = false,
            EnableServiceLinks = false,
            ServiceAccountName = Given(compute.ServiceAccountName),
            PriorityClassName = Given(compute.PriorityClassName),
            RuntimeClassName = Given(compute.RuntimeClassName),
            SchedulerName = Given(compute.SchedulerName),
            ImagePullSecrets = compute.PullSecrets.Count == 0 ? null : [.. compute.PullSecrets.Select(secret => new V1LocalObjectReference { Name = secret.Name })],
            NodeSelector = compute.NodeSelector.Count == 0 ? null : new Dictionary<string, string>(compute.NodeSelector, StringComparer.Ordinal),
            Tolerations = compute.Tolerations.Count == 0 ? null : [.. compute.Tolerations.Select(Of)],
            Affinity = Given(compute.TopologyKey) is { } key ? Near(request.Run, key) : null,
            SecurityContext = new()
            {
                RunAsNonRoot = true,
                RunAsUser = settings.RunAsUser,
                RunAsGroup = settings.RunAsGroup,
                FsGroup = settings.RunAsGroup,
                FsGroupChangePolicy = "OnRootMismatch",
                SeccompProfile = new() { Type = "RuntimeDefault" },
            },
            Containers = [WorkerContainer(request, secrets, claims)],
            Volumes =
            [
                new()
                {
                    Name = TaskVolume,
                    ConfigMap = new()
                    {
                        Name = request.TaskMap ?? Names.Tasks(request.Run),
                        Items = [new() { Key = $"{request.Stage}.json", Path = Path.GetFileName(WorkerEnvironment.TaskFile) }],
                    },
                },
                new() { Name = "cache", EmptyDir = new() },
                new() { Name = "scratch", EmptyDir = new() },
                new() { Name = "tmp", EmptyDir = new() },
                .. Given(compute.ShmSize) is { } size ? [new() { Name = "shm", EmptyDir = new() { Medium = "Memory", SizeLimit = new(size) } }] : (V1Volume[])[],
                .. secrets.Select(secret => secret.Volume),
                .. Volumes(claims),
            ],
        };
    }

    private static V1Container WorkerContainer(JobRequest request, IReadOnlyList<MountedSecret> secrets, IReadOnlyList<MountedClaim> claims) => new()
    {
        Name = Attempts.Worker.Container,
        Image = request.Image,
        ImagePullPolicy = request.Compute.PullPolicy.ToString(),
        Args = ["--task", WorkerEnvironment.TaskFile],
        Env = [.. WorkerEnvironment.Variables(request.Attempt, request.Compute.GpusPerWorker)],
        Ports = [new() { Name = "metrics", ContainerPort = WorkerEnvironment.MetricsPort, Protocol = "TCP" }],
        Resources = Resources(request.Compute),
        SecurityContext = new()
        {
            AllowPrivilegeEscalation = false,
            ReadOnlyRootFilesystem = true,
            Capabilities = new() { Drop = ["ALL"] },
        },
        TerminationMessagePath = WorkerEnvironment.TerminationMessage,
        TerminationMessagePolicy = "FallbackToLogsOnError",
        VolumeMounts =
        [
            new() { Name = TaskVolume, MountPath = WorkerEnvironment.TaskFolder, ReadOnlyProperty = true },
            new() { Name = "cache", MountPath = WorkerEnvironment.CacheFolder },
            new() { Name = "scratch", MountPath = WorkerEnvironment.ScratchFolder },
            new() { Name = "tmp", MountPath = WorkerEnvironment.TemporaryFolder },
            .. Given(request.Compute.ShmSize) is null ? (V1VolumeMount[])[] : [new() { Name = "shm", MountPath = "/dev/shm" }],
            .. secrets.Select(secret => secret.Mount),
            .. Mounts(claims),
        ],
    };

    private static V1ResourceRequirements? Resources(ComputeSettings compute)
    {
        var limits = compute.Limits.ToDictionary(limit => limit.Key, limit => new ResourceQuantity(limit.Value), StringComparer.Ordinal);
        if (compute.GpusPerWorker > 0)
        {
            limits[compute.GpuResourceName] = new($"{compute.GpusPerWorker}");
        }

        var requests = compute.Requests.ToDictionary(request => request.Key, request => new ResourceQuantity(request.Value), StringComparer.Ordinal);
        return limits.Count + requests.Count == 0
            ? null
            : new() { Limits = limits.Count == 0 ? null : limits, Requests = requests.Count == 0 ? null : requests };
    }

    private static V1Toleration Of(Toleration toleration) => new()
    {
        Key = toleration.Key,
        OperatorProperty = toleration.Operator.ToString(),
        Value = toleration.Value,
        Effect = toleration.Effect?.ToString(),
        TolerationSeconds = toleration.TolerationSeconds,
    };

    // A wish, not a demand: one worker has nobody to be near but its own predecessor, whose place may be full.
    private static V1Affinity Near(RunIdentity run, string topologyKey) => new()
    {
        PodAffinity = new()
        {
            PreferredDuringSchedulingIgnoredDuringExecution =
            [
                new()
                {
                    Weight = 100,
                    PodAffinityTerm = new() { TopologyKey = topologyKey, LabelSelector = new() { MatchLabels = Labels.Of(run) } },
                },
            ],
        },
    };

    // One volume a claim, since a pod may not name a claim's disk twice on all drivers; one mount a path.
    private static IEnumerable<V1Volume> Volumes(IReadOnlyList<MountedClaim> claims) => Distinct(claims).Select((name, i) => new V1Volume
    {
        Name = ClaimVolume(i),
        PersistentVolumeClaim = new() { ClaimName = name },
    });

    private static IEnumerable<V1VolumeMount> Mounts(IReadOnlyList<MountedClaim> claims)
    {
        var names = Distinct(claims).ToList();
        return claims
            .GroupBy(claim => (claim.Claim, claim.Path))
            .Select(same => new V1VolumeMount
            {
                Name = ClaimVolume(names.IndexOf(same.Key.Claim)),
                MountPath = same.Key.Path,
                ReadOnlyProperty = same.All(claim => claim.ReadOnly) ? true : null,
            });
    }

    private static IEnumerable<string> Distinct(IReadOnlyList<MountedClaim> claims) => claims.Select(claim => claim.Claim).Distinct(StringComparer.Ordinal);

    private static string ClaimVolume(int index) => $"claim-{index}";

    private static string? Given(string? text) => text is { Length: > 0 } ? text : null;
}
