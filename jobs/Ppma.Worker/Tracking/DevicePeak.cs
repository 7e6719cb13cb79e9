using System.Globalization;
using Ppma.Api.Tasks;

namespace Ppma.Worker.Tracking;

/// <summary>The matrix-product rate that MFU is counted against.</summary>
/// <param name="FlopsPerSecond">Floating-point operations a second, dense.</param>
/// <param name="Source">Where the number is from, for people.</param>
internal sealed record DevicePeak(double FlopsPerSecond, string Source)
{
    public const string Variable = "PPMA_PEAK_TFLOPS";

    /// <summary>
    /// Teraflops of the data sheets: 16-bit tensor cores without sparsity, and float32 without TF32. The first name that the device's
    /// begins with, as whole words, counts.
    /// </summary>
    private static readonly (string Name, double Half, double Float32)[] _sheets =
    [
        ("NVIDIA H200", 989.4, 66.9),
        ("NVIDIA H100 PCIe", 756, 51.2),
        ("NVIDIA H100 NVL", 835.5, 60),
        ("NVIDIA H100", 989.4, 66.9),
        ("NVIDIA A100", 312, 19.5),
        ("NVIDIA L40S", 362, 91.6),
        ("NVIDIA L4", 121, 30.3),
    ];

    /// <param name="teraflops">What the environment says (<see cref="Variable"/>); goes before the table.</param>
    /// <param name="device">Name of the GPU; null on a CPU, whose peak no table tells.</param>
    /// <param name="precision">Of the matrix products.</param>
    /// <returns>Null where nothing is known.</returns>
    public static DevicePeak? Of(double? teraflops, string? device, Precision precision)
    {
        if (teraflops is { } given)
        {
            return new DevicePeak(given * 1e12, Variable);
        }

        foreach ((string name, double half, double float32) in _sheets)
        {
            if (device?.StartsWith(name, StringComparison.Ordinal) == true && (device.Length == name.Length || device[name.Length] is ' ' or '-'))
            {
                return new DevicePeak(1e12 * (precision == Precision.Float32 ? float32 : half), $"{device}, dense {precision}");
            }
        }

        return null;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{FlopsPerSecond / 1e12:0.#} TFLOP/s ({Source})");
}
