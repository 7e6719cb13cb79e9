using System.Globalization;

namespace Ppma.Benchmarks.Steps;

/// <summary>The most memory of this process that was resident, as Linux counts it.</summary>
internal static class PeakMemory
{
    public static double Bytes => 1024 * double.Parse(
        File.ReadLines("/proc/self/status").First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal)).Split(':')[1].Replace("kB", "", StringComparison.Ordinal),
        CultureInfo.InvariantCulture);

    /// <summary>Starts counting again from what is resident now (proc(5), clear_refs).</summary>
    public static void Reset() => File.WriteAllText("/proc/self/clear_refs", "5");
}
