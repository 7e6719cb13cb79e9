using Ppma.Api.Tasks;

namespace Ppma.Cli.Explaining;

/// <summary>What an estimate supposes of a machine; printed with it.</summary>
internal sealed record CostAssumptions
{
    /// <summary>TFLOP/s that the device reaches on these products; null for the values assumed of an A100.</summary>
    public double? Tflops { get; init; }

    /// <summary>Megabits a second to the store of the artifacts.</summary>
    public double UploadMegabitsPerSecond { get; init; } = GracePeriod.UploadMegabitsPerSecond;

    /// <summary>Megabytes a second to the pod's own disk.</summary>
    public double DiskMegabytesPerSecond { get; init; } = GracePeriod.DiskMegabytesPerSecond;

    public double FlopsPerSecond(Precision precision) => 1e12 * (Tflops ?? GracePeriod.Tflops(precision));

    public double UploadSeconds(long bytes) => bytes * 8 / (UploadMegabitsPerSecond * 1e6);

    /// <summary>What a pod needs between SIGTERM and SIGKILL on such a machine.</summary>
    public int GracePeriodSeconds(double stepSeconds, long checkpointBytes) =>
        GracePeriod.Seconds(stepSeconds, checkpointBytes, UploadMegabitsPerSecond, DiskMegabytesPerSecond);

    public string Describe() => FormattableString.Invariant(
        $"{(Tflops is { } given ? $"{given:0.###}" : $"{GracePeriod.Tflops(Precision.BFloat16):0} (bfloat16, float16) or {GracePeriod.Tflops(Precision.Float32):0} (float32)")} TFLOP/s reached, {UploadMegabitsPerSecond:0.###} Mbit/s upload, {DiskMegabytesPerSecond:0.###} MB/s to disk");
}
