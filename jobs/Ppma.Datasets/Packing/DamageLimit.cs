using System.Globalization;

namespace Ppma.Datasets.Packing;

/// <summary>How many damaged sources may be left out: a number, or a share of all.</summary>
public readonly record struct DamageLimit
{
    private readonly int _samples;
    private readonly double _share;

    private DamageLimit(int samples, double share)
    {
        _samples = samples;
        _share = share;
    }

    /// <summary>None: the first damaged source ends the packing.</summary>
    public static DamageLimit None => default;

    /// <summary>Reads <c>12</c>, <c>0.01</c> or <c>1%</c>.</summary>
    public static bool TryParse(string text, out DamageLimit limit)
    {
        limit = default;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int samples))
        {
            limit = new DamageLimit(samples, 0);
            return true;
        }

        bool isPercent = text.EndsWith('%');
        if (!double.TryParse(isPercent ? text[..^1] : text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double share))
        {
            return false;
        }

        share /= isPercent ? 100 : 1;
        limit = new DamageLimit(0, share);
        return share <= 1;
    }

    /// <summary>The number of samples, rounded down.</summary>
    public int Of(int samples) => Math.Max(_samples, (int)(_share * samples));
}
