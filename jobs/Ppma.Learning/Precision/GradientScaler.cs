using Ppma.Learning.Interop;
using TorchSharp;
using static TorchSharp.torch;

namespace Ppma.Learning.Precision;

/// <summary>
/// Keeps gradients inside the range of half precision ("Mixed Precision Training", arXiv 1710.03740): the loss is multiplied by a scale,
/// which is halved when a gradient overflows and doubled after 2,000 updates without. All of it stays on the device.
/// </summary>
public sealed class GradientScaler : IDisposable
{
    internal const float InitialScale = 65536;
    private const double Growth = 2;
    private const double Backoff = 0.5;
    private const int DefaultGrowthInterval = 2000;

    private readonly int growthInterval;
    private readonly Tensor scale;
    private readonly Tensor growthTracker;

    /// <param name="device">Where the loss is.</param>
    /// <param name="growthInterval">Updates without an overflow, in a row, after which the scale doubles.</param>
    public GradientScaler(Device device, int growthInterval = DefaultGrowthInterval)
    {
        this.growthInterval = growthInterval;
        using Scalar initial = InitialScale.ToScalar();
        scale = full([1], initial, dtype: ScalarType.Float32, device: device).DetachFromDisposeScope();
        growthTracker = zeros(1, dtype: ScalarType.Int32, device: device).DetachFromDisposeScope();
    }

    /// <summary>What the gradients are too large by: float32 (1).</summary>
    public Tensor Scale => scale;

    /// <summary>The state by name, for a checkpoint. The tensors stay the scaler's own.</summary>
    public IReadOnlyDictionary<string, Tensor> State =>
        new Dictionary<string, Tensor> { ["scale"] = scale, ["growth_tracker"] = growthTracker };

    /// <summary>Adapts the scale to what became of the last update.</summary>
    /// <param name="skipped">A one-element float tensor, 1 where it did not happen.</param>
    public void Update(Tensor skipped) =>
        FusedKernels.UpdateScaleInPlace(scale, growthTracker, skipped, Growth, Backoff, growthInterval);

    public void Dispose()
    {
        scale.Dispose();
        growthTracker.Dispose();
    }
}
