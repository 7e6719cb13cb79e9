using System.Buffers;
using System.Globalization;

namespace Ppma.Worker.Data;

/// <summary>Sizes as people write them: <c>500MB</c>, <c>20GiB</c>, <c>1.5 GiB</c>, <c>1048576</c>.</summary>
internal static class ByteSize
{
    /// <summary>For messages about text that is none.</summary>
    public const string Form = "a number of bytes such as 500MB, 20GiB or 1048576";

    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789.");

    private static readonly (string Name, long Bytes)[] Units =
    [
        ("", 1), ("B", 1),
        ("KB", 1_000), ("MB", 1_000_000), ("GB", 1_000_000_000), ("TB", 1_000_000_000_000),
        ("KIB", 1L << 10), ("MIB", 1L << 20), ("GIB", 1L << 30), ("TIB", 1L << 40),

        // As Kubernetes writes them.
        ("KI", 1L << 10), ("MI", 1L << 20), ("GI", 1L << 30), ("TI", 1L << 40),
    ];

    /// <summary>At least one byte, below 2^53.</summary>
    public static bool TryParse(string text, out long bytes)
    {
        int end = text.AsSpan().IndexOfAnyExcept(Digits);
        ReadOnlySpan<char> number = end < 0 ? text : text.AsSpan(0, end);
        string unit = end < 0 ? "" : text[end..].Trim().ToUpperInvariant();
        bytes = 0;
        if (Array.FindIndex(Units, known => known.Name == unit) is >= 0 and int index
            && double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double count)
            && count * Units[index].Bytes is >= 1 and < 1L << 53)
        {
            bytes = (long)(count * Units[index].Bytes);
        }

        return bytes > 0;
    }

    /// <summary>With the largest unit that keeps it above 1, one digit after the point: <c>1.5 GiB</c>.</summary>
    public static string Format(long bytes)
    {
        (double count, string unit) = bytes switch
        {
            >= 1L << 40 => (bytes / (double)(1L << 40), "TiB"),
            >= 1L << 30 => (bytes / (double)(1L << 30), "GiB"),
            >= 1L << 20 => (bytes / (double)(1L << 20), "MiB"),
            >= 1L << 10 => (bytes / (double)(1L << 10), "KiB"),
            _ => (bytes, "bytes"),
        };
        return string.Create(CultureInfo.InvariantCulture, $"{count:0.#} {unit}");
    }
}
