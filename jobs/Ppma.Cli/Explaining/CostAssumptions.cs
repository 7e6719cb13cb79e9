using Ppma.Api.Tasks;

namespace Ppma.Cli.Explaining;

/// <summary>What an estimate supposes of a machine; printed with it.</summary>
internal sealed record CostAssumptions
{
    // Of an A100: a third of its 312 TFLOP/s in half precision, three quarters of its 19.5 in float32 without TF32.
    private const double HalfPrecisionTflops = 100;
    private const double Float32Tflops = 15;

    /// <summary>TFLOP/s that the device reaches on these products; null for the values assumed of an A100.</summary>
    public double? Tflops { get; init; }

    /// <summary>Megabits a second to the store of the artifacts.</summary>
    public double UploadMegabitsPerSecond { get; init; } = 1000;

    /// <summary>Megabytes a second to the pod's own disk.</summary>
    public double DiskMegabytesPerSecond { get; init; } = 200;

    public double FlopsPerSecond(Precision precision) =>
        1e12 * (Tflops ?? (precision == Precision.Float32 ? Float32Tflops : HalfPrecisionTflops));

    public double UploadSeconds(long bytes) => bytes * 8 / (UploadMegabitsPerSecond * 1e6);

    /// <summary>
    /// What a pod needs between SIGTERM and SIGKILL: the step in hand, the checkpoint on disk and in the store, half as much again, and at
    /// least 30 seconds; in tens.
    /// </summary>
    public int GracePeriodSeconds(double stepSeconds, long checkpointBytes)
    {
        double needed = stepSeconds + (checkpointBytes / (DiskMegabytesPerSecond * 1e6)) + UploadSeconds(checkpointBytes);
        return (int)Math.Max(30, 10 * Math.Ceiling(1.5 * needed / 10));
    }

    public string Describe() => FormattableString.Invariant(
        $"{(Tflops is { } given ? $"{given:0.###}" : $"{HalfPrecisionTflops:0} (bfloat16, float16) or {Float32Tflops:0} (float32)")} TFLOP/s reached, {UploadMegabitsPerSecond:0.###} Mbit/s upload, {DiskMegabytesPerSecond:0.###} MB/s to disk");
}
