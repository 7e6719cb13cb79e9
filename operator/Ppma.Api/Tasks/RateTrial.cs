namespace Ppma.Api.Tasks;

/// <summary>One candidate rate and its top-1 (0..1) on held-out training clips.</summary>
public sealed record RateTrial(double PeakRate, double Top1);
