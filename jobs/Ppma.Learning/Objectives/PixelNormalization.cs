using TorchSharp;
using static TorchSharp.torch;

namespace Ppma.Learning.Objectives;

/// <summary>Mean and standard deviation of RGB in 0..1 that inputs are normalised with (ImageNet's).</summary>
public static class PixelNormalization
{
    public static IReadOnlyList<float> Mean { get; } = [0.485f, 0.456f, 0.406f];

    public static IReadOnlyList<float> StandardDeviation { get; } = [0.229f, 0.224f, 0.225f];

    /// <summary>One value a colour, (3) on the device. Filled there: a copy from the host would wait for the device.</summary>
    internal static Tensor OnDevice(IEnumerable<float> values, Device device) => stack([.. values.Select(value => Filled(value, device))]);

    private static Tensor Filled(float value, Device device)
    {
        using Scalar scalar = value.ToScalar();
        return full([], scalar, dtype: float32, device: device);
    }
}
