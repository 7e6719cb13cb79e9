using System.Globalization;
using k8s.Models;

namespace Ppma.Operator.Pods;

/// <summary>What a worker finds around it: its folders, and the variables that tell it of them.</summary>
internal static class WorkerEnvironment
{
    /// <summary>Everything of ours lies below it.</summary>
    public const string Root = "/ppma";

    public const string TaskFolder = $"{Root}/task";
    public const string TaskFile = $"{TaskFolder}/task.json";
    public const string CredentialsFolder = $"{Root}/credentials";
    public const string CacheFolder = $"{Root}/cache";
    public const string ScratchFolder = $"{Root}/scratch";

    /// <summary>The one other folder that can be written, home of whatever wants one.</summary>
    public const string TemporaryFolder = "/tmp";

    public const string TerminationMessage = "/dev/termination-log";
    public const int MetricsPort = 9464;

    private const string ReservedPrefix = "PPMA_";

    private static readonly string[] ReservedNames = ["AZURE_FEDERATED_TOKEN_FILE", "CUDA_VISIBLE_DEVICES", "NVIDIA_VISIBLE_DEVICES"];

    /// <param name="attempt">From 1.</param>
    /// <param name="gpus">GPUs of the pod.</param>
    public static IEnumerable<V1EnvVar> Variables(int attempt, int gpus) =>
    [
        new() { Name = "PPMA_ATTEMPT", Value = attempt.ToString(CultureInfo.InvariantCulture) },
        new() { Name = "PPMA_TERMINATION_MESSAGE", Value = TerminationMessage },
        new() { Name = "PPMA_CREDENTIALS", Value = CredentialsFolder },
        new() { Name = "PPMA_CACHE", Value = CacheFolder },
        new() { Name = "PPMA_SCRATCH", Value = ScratchFolder },
        new() { Name = "PPMA_METRICS_PORT", Value = MetricsPort.ToString(CultureInfo.InvariantCulture) },
        new() { Name = "HOME", Value = TemporaryFolder },
        new() { Name = "TMPDIR", Value = TemporaryFolder },
        new() { Name = "XDG_CACHE_HOME", Value = $"{TemporaryFolder}/.cache" },
        new() { Name = "DOTNET_BUNDLE_EXTRACT_BASE_DIR", Value = $"{TemporaryFolder}/.net" },

        // Images of CUDA ask for every GPU of the node; who pays for none shall see none.
        .. gpus == 0 ? [new() { Name = "NVIDIA_VISIBLE_DEVICES", Value = "void" }] : (V1EnvVar[])[],
    ];

    /// <summary>Whether only the operator and the node may set a variable.</summary>
    public static bool IsReserved(string variable) =>
        variable.StartsWith(ReservedPrefix, StringComparison.Ordinal) || ReservedNames.Contains(variable, StringComparer.Ordinal);

    /// <summary>Whether variables that begin so might be reserved.</summary>
    public static bool MayBeReserved(string prefix) =>
        IsReserved(prefix) || ReservedPrefix.StartsWith(prefix, StringComparison.Ordinal)
        || ReservedNames.Any(name => name.StartsWith(prefix, StringComparison.Ordinal));
}
