using System.Globalization;

namespace Ppma.Cli.Explaining;

/// <summary>Large and small numbers as people say them.</summary>
internal static class Amounts
{
    private static readonly string[] Powers = ["", "k", "M", "G", "T", "P", "E", "Z", "Y"];

    /// <summary>Three digits and a power of a thousand: <c>1.13 GB</c>, <c>94.2 M</c>.</summary>
    public static string Of(double amount, string unit)
    {
        int power = 0;
        while (amount >= 999.5 && power < Powers.Length - 1)
        {
            amount /= 1000;
            power++;
        }

        string digits = amount switch { >= 99.95 => "0", >= 9.995 => "0.0", _ => "0.00" };
        return $"{amount.ToString(power == 0 ? "0.##" : digits, CultureInfo.InvariantCulture)} {Powers[power]}{unit}".TrimEnd();
    }

    /// <summary>Whole numbers with thousands: <c>1,568</c>.</summary>
    public static string Count(double count) => count.ToString("#,0", CultureInfo.InvariantCulture);

    /// <summary>A number as a manifest would say it: <c>0.75</c>, <c>8e-4</c>.</summary>
    public static string Number(double number) =>
        number.ToString(number is > 0 and < 0.01 ? "0.###e-0" : "0.######", CultureInfo.InvariantCulture);

    /// <summary>From milliseconds to days.</summary>
    public static string Duration(double seconds) => seconds switch
    {
        < 1 => $"{Digits(seconds * 1000)} ms",
        < 120 => $"{Digits(seconds)} s",
        < 7200 => $"{Digits(seconds / 60)} min",
        < 172_800 => $"{Digits(seconds / 3600)} h",
        _ => $"{Digits(seconds / 86_400)} days",
    };

    private static string Digits(double value) => value.ToString(value < 9.95 ? "0.0" : "0", CultureInfo.InvariantCulture);
}
