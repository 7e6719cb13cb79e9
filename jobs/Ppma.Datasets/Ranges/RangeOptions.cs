namespace Ppma.Datasets.Ranges;

/// <summary>How blobs are read range by range.</summary>
public sealed record RangeOptions
{
    private const int MebiByte = 1 << 20;

    /// <summary>Bytes asked for in one request, 1 to 16 MiB. Smaller ones pay more round trips; larger ones lose more when a connection breaks.</summary>
    public int RangeBytes { get; init; } = 8 * MebiByte;

    /// <summary>Ranges in flight at once when no <see cref="RangeBudget"/> is given, 1 to 1,024.</summary>
    public int RangesInFlight { get; init; } = 16;

    /// <summary>A request that gives no byte for so long is given up, and the range continued by another.</summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Tries in a row that may bring no byte, 1 to 100. With the delays below twelve of them last about a minute.</summary>
    public int Tries { get; init; } = 12;

    /// <summary>Upper bound of the first wait between two tries; doubled for each further one. The wait is drawn between zero and the bound.</summary>
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromSeconds(0.1);

    /// <summary>Largest wait between two tries, also when the service asks for more.</summary>
    public TimeSpan LongestDelay { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>A second request runs beside a range that takes so many times the median of its peers; 0 never.</summary>
    public double HedgeAfterMedians { get; init; } = 3;

    /// <summary>No range is hedged before.</summary>
    public TimeSpan HedgeFloor { get; init; } = TimeSpan.FromSeconds(0.5);

    /// <summary>Largest share of hedges among all requests.</summary>
    public double HedgeShare { get; init; } = 0.05;

    /// <summary>Throws when a value cannot be used, naming it, its bounds and what it is.</summary>
    internal void Validate()
    {
        Within(RangeBytes is >= MebiByte and <= 16 * MebiByte, nameof(RangeBytes), RangeBytes, "1048576 to 16777216 (1 to 16 MiB)");
        Within(RangesInFlight is >= 1 and <= 1024, nameof(RangesInFlight), RangesInFlight, "1 to 1024");
        Within(StallTimeout > TimeSpan.Zero && StallTimeout < TimeSpan.FromHours(1), nameof(StallTimeout), StallTimeout, "more than zero, less than an hour");
        Within(Tries is >= 1 and <= 100, nameof(Tries), Tries, "1 to 100");
        Within(FirstDelay > TimeSpan.Zero && FirstDelay <= LongestDelay, nameof(FirstDelay), FirstDelay, $"more than zero, at most {nameof(LongestDelay)}");
        Within(LongestDelay < TimeSpan.FromHours(1), nameof(LongestDelay), LongestDelay, "less than an hour");
        Within(HedgeAfterMedians is 0 or >= 1, nameof(HedgeAfterMedians), HedgeAfterMedians, "0 (never), or at least 1");
        Within(HedgeFloor >= TimeSpan.Zero && HedgeFloor < TimeSpan.FromHours(1), nameof(HedgeFloor), HedgeFloor, "zero to less than an hour");
        Within(HedgeShare is >= 0 and <= 1, nameof(HedgeShare), HedgeShare, "0 to 1");

        static void Within(bool valid, string option, object value, string bounds)
        {
            if (!valid)
            {
                throw new ArgumentException($"{nameof(RangeOptions)}.{option} is {value}. Set it to {bounds}.", nameof(RangeOptions));
            }
        }
    }
}
