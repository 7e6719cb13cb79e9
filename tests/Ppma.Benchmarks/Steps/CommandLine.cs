using System.Globalization;

namespace Ppma.Benchmarks.Steps;

/// <summary>Options of a benchmark's command, <c>--name value</c>.</summary>
internal static class CommandLine
{
    public static string? Value(string[] args, string option)
    {
        int at = Array.IndexOf(args, option);
        return at >= 0 && at + 1 < args.Length ? args[at + 1] : null;
    }

    public static int? Count(string[] args, string option) =>
        Value(args, option) is { } count ? int.Parse(count, CultureInfo.InvariantCulture) : null;
}
