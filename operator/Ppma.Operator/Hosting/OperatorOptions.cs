using Ppma.Controllers.Hosting;
using Ppma.Controllers.Leading;
using Ppma.Controllers.Reconciling;
using Ppma.Controllers.Requests;
using Ppma.Operator.Pods;
using Ppma.Operator.Runs;

namespace Ppma.Operator.Hosting;

/// <summary>What an installation decides (docs/reference/operator.md). A setting is a property here, by whatever way it is given.</summary>
internal sealed record OperatorOptions
{
    /// <summary>The one namespace whose resources are looked after; empty for all.</summary>
    public string Namespace { get; init; } = "";

    /// <summary>Worker image of runs that name none.</summary>
    public string WorkerImage { get; init; } = "";

    /// <summary>What <c>privacy.realHumans: Allowed</c> of a run is worth.</summary>
    public RealHumansPolicy RealHumans { get; init; } = RealHumansPolicy.Allowed;

    /// <summary>Namespaces, separated by commas, in which it is worth nothing although <see cref="RealHumans"/> is Allowed.</summary>
    public string ForbidRealHumansIn { get; init; } = "";

    /// <summary>What <c>compute.threads: 0</c> means where a run says nothing of CPUs.</summary>
    public int DefaultThreads { get; init; } = 4;

    /// <summary>Objects of one kind that are looked at at once.</summary>
    public int Workers { get; init; } = 8;

    /// <summary>Seconds between two questions to a worker how far it is.</summary>
    public int ProgressIntervalSeconds { get; init; } = 15;

    /// <summary>Requests a second to the API server on the long run.</summary>
    public int QueriesPerSecond { get; init; } = 500;

    /// <summary>Requests at once after a rest.</summary>
    public int Burst { get; init; } = 1000;

    public string LeaseName { get; init; } = "ppma-operator";

    /// <summary>Empty for the operator's own namespace.</summary>
    public string LeaseNamespace { get; init; } = "";

    public int LeaseDurationSeconds { get; init; } = 15;

    public int RenewDeadlineSeconds { get; init; } = 10;

    public int RetryPeriodSeconds { get; init; } = 2;

    /// <summary>Port of /metrics, /healthz and /readyz; 0 for any that is free.</summary>
    public int Port { get; init; } = 8080;

    /// <summary>A kubeconfig file; empty for the pod's own account in a cluster, and for <c>$KUBECONFIG</c> or the user's file elsewhere.</summary>
    public string Kubeconfig { get; init; } = "";

    public LogFormat LogFormat { get; init; } = LogFormat.Auto;

    public LogThreshold LogLevel { get; init; } = LogThreshold.Information;

    /// <summary>As whom workers run; 1654 is <c>app</c> of .NET's images.</summary>
    public int RunAsUser { get; init; } = 1654;

    public int RunAsGroup { get; init; } = 1654;

    /// <summary>Namespaces, separated by commas, whose pods may be more than the restricted pod security standard allows.</summary>
    public string UnrestrictedPodsIn { get; init; } = "";

    /// <param name="ownNamespace">Where this process is at home.</param>
    public ControllersOptions Controllers(string ownNamespace) => new()
    {
        Namespace = Namespace.Length > 0 ? Namespace : null,
        Lease = Lease(ownNamespace),
        Requests = new RequestOptions { Client = "ppma-operator", QueriesPerSecond = QueriesPerSecond, Burst = Burst },
        Reconcile = new ReconcileOptions { Workers = Workers },
    };

    public RunOptions Runs() => new()
    {
        WorkerImage = WorkerImage,
        ForbidRealHumans = RealHumans == RealHumansPolicy.Never,
        ForbidRealHumansIn = Names(ForbidRealHumansIn),
        DefaultThreads = DefaultThreads,
    };

    public PodSettings Pods() => new()
    {
        RunAsUser = RunAsUser,
        RunAsGroup = RunAsGroup,
        Policies = Names(UnrestrictedPodsIn).ToDictionary(name => name, _ => PodPolicy.Unrestricted, StringComparer.Ordinal),
    };

    public LeaseOptions Lease(string ownNamespace) => new()
    {
        Name = LeaseName,
        Namespace = LeaseNamespace.Length > 0 ? LeaseNamespace : ownNamespace,
        LeaseDuration = TimeSpan.FromSeconds(LeaseDurationSeconds),
        RenewDeadline = TimeSpan.FromSeconds(RenewDeadlineSeconds),
        RetryPeriod = TimeSpan.FromSeconds(RetryPeriodSeconds),
    };

    public static IReadOnlyList<string> Names(string separatedByCommas) =>
        separatedByCommas.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}

/// <summary>What an installation says to runs that would learn from footage of real people.</summary>
internal enum RealHumansPolicy
{
    /// <summary>The run decides.</summary>
    Allowed,

    /// <summary>No run may.</summary>
    Never,
}

internal enum LogFormat
{
    /// <summary>Text on a terminal, else JSON.</summary>
    Auto,
    Json,
    Text,
}

internal enum LogThreshold
{
    Debug,
    Information,
    Warning,
    Error,
}
