namespace Ppma.Worker.Tracking;

/// <summary>What a step computes, and what the device could: together they make MFU of a step's time.</summary>
/// <param name="StepFlops">Useful floating-point operations of one step (PaLM, arXiv 2204.02311, appendix B).</param>
/// <param name="Peak">The device's peak.</param>
internal sealed record ModelSpeed(double StepFlops, DevicePeak Peak)
{
    /// <summary>Model FLOPs utilisation, 0 to 1.</summary>
    public double Utilisation(double secondsPerStep) => StepFlops / secondsPerStep / Peak.FlopsPerSecond;
}
