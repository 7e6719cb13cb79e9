namespace Ppma.Learning.Optimization;

/// <summary>
/// A learning rate as a pure function of the share of training done: a linear warm-up, then a cosine. The presets are the paper's
/// curves for peak rate P and s = nominal batch / batch; the cosine begins at P/s², as the published numbers were made.
/// </summary>
/// <param name="WarmupFrom">Rate at the first step.</param>
/// <param name="WarmupTo">Rate at the end of the warm-up.</param>
/// <param name="WarmupShare">Share of training spent warming up, 0..1; 0 for none.</param>
/// <param name="CosineFrom">Where the cosine begins.</param>
/// <param name="CosineTo">Where the cosine ends.</param>
/// <param name="CosineSpansRun">
/// True: the cosine's angle counts from the first step, the warm-up hides its beginning. False: from the end of the warm-up.
/// </param>
public sealed record RateSchedule(
    double WarmupFrom, double WarmupTo, double WarmupShare, double CosineFrom, double CosineTo, bool CosineSpansRun = false)
{
    // The published schedules switch a hair early, so that rounding of step / steps cannot delay them by a step.
    private const double SwitchTolerance = 1e-6;
    private const double Floor = 1e-6;
    private const double ProbeFloor = 4e-6;

    /// <summary>Stage 1. The cosine spans the whole run and ends at 0.</summary>
    public static RateSchedule Mae(double peak, double scale, double warmupShare = 0.05) =>
        new(Floor / scale, peak / scale, warmupShare, peak / (scale * scale), 0, CosineSpansRun: true);

    /// <summary>Stage 2 and fine-tuning.</summary>
    public static RateSchedule Align(double peak, double scale, double warmupShare = 0.125) =>
        new(Floor / scale, peak / scale, warmupShare, peak / (scale * scale), Floor / scale);

    /// <summary>Linear probe.</summary>
    public static RateSchedule LinearProbe(double peak, double scale, double warmupShare = 0.125) =>
        new(ProbeFloor / scale, peak / scale, warmupShare, peak / (scale * scale), ProbeFloor / scale);

    /// <summary>The scores of an adaptive average: no warm-up, from P/s.</summary>
    public static RateSchedule AdaptiveScores(double peak, double scale) => new(0, 0, 0, peak / scale, ProbeFloor / scale);

    /// <summary>The head over an adaptive average: no warm-up, from P/s².</summary>
    public static RateSchedule AdaptiveHead(double peak, double scale) => new(0, 0, 0, peak / (scale * scale), ProbeFloor / scale);

    /// <summary>The rate when <paramref name="share"/> = steps done / all steps, 0..1, counted before the step.</summary>
    public double At(double share)
    {
        if (WarmupShare > 0 && share + SwitchTolerance <= WarmupShare)
        {
            return WarmupFrom + ((WarmupTo - WarmupFrom) * (share / WarmupShare));
        }

        double angle = CosineSpansRun ? share : (share - WarmupShare) / (1 - WarmupShare);
        return CosineTo + ((CosineFrom - CosineTo) * 0.5 * (1 + Math.Cos(Math.PI * angle)));
    }
}
