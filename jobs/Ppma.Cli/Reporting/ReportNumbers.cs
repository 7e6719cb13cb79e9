using System.Globalization;
using Ppma.Api.Tasks;

namespace Ppma.Cli.Reporting;

/// <summary>How the report writes its numbers; shares are in 0..1 and shown as percentages.</summary>
internal static class ReportNumbers
{
    /// <summary><c>86.1 %</c>; the space does not break.</summary>
    public static string Percent(double share) => $"{Points(share)}\u00a0%";

    /// <summary>A share as percentage points, <c>86.1</c>.</summary>
    public static string Points(double share) => (share * 100).ToString("0.0", CultureInfo.InvariantCulture);

    /// <summary><c>+58.2</c> or <c>−3.0</c>, with a real minus sign.</summary>
    public static string SignedPoints(double share) =>
        (share * 100).ToString("+0.0;\u22120.0;0.0", CultureInfo.InvariantCulture);

    /// <summary>Mean and spread in percentage points: <c>86.1 ± 1.2</c>, or the mean alone when there is no spread.</summary>
    public static string MeanAndSpread(BenchmarkRow row) =>
        row.Std is { } std ? $"{Points(row.Mean)} ± {Points(std)}" : Points(row.Mean);

    /// <summary>An interval in percentage points, <c>83.0–88.7</c>; a dash where there is none.</summary>
    public static string Interval(ShareInterval? interval) => interval is null ? "–" : $"{Points(interval.Low)}–{Points(interval.High)}";

    /// <summary>A loss with the digits that differ between recipes.</summary>
    public static string Loss(double loss) => loss.ToString("0.000", CultureInfo.InvariantCulture);

    public static string Count(long count) => count.ToString("#,0", CultureInfo.InvariantCulture);

    public static string Rate(double rate) => rate.ToString("0.###e+0", CultureInfo.InvariantCulture);

    /// <summary><c>4 min 12 s</c>, <c>12 s</c> or <c>0.4 s</c>.</summary>
    public static string Duration(double seconds)
    {
        if (seconds < 10)
        {
            return seconds.ToString("0.0", CultureInfo.InvariantCulture) + "\u00a0s";
        }

        long whole = (long)Math.Round(seconds, MidpointRounding.AwayFromZero);
        return whole switch
        {
            < 60 => $"{whole}\u00a0s",
            < 3600 => $"{whole / 60}\u00a0min {whole % 60}\u00a0s",
            _ => $"{whole / 3600}\u00a0h {whole / 60 % 60}\u00a0min",
        };
    }

    /// <summary>A coordinate inside a drawing.</summary>
    public static string Coordinate(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    public static string Moment(DateTimeOffset time) =>
        time.ToUniversalTime().ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
}
