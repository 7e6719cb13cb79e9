using System.IO.Hashing;
using System.Text;

namespace Ppma.Testing.Faults;

/// <summary>
/// Which reads fail how, and how fast the link is. What happens to a request depends on the seed, the blob, the range and how often that
/// range (told by its last byte) was asked for, not on the order of requests: so a plan does the same to every run.
/// </summary>
public sealed record FaultPlan
{
    public int Seed { get; init; } = 1;

    /// <summary>The share of reads that each fault hits, of all reads of blob content. A read has one fault at most, so they sum to 1 at most.</summary>
    public IReadOnlyDictionary<Fault, double> Rates { get; init; } = new Dictionary<Fault, double>();

    /// <summary>How many requests of one range can be hit; those after it are answered in order.</summary>
    public int HitsPerRange { get; init; } = int.MaxValue;

    /// <summary>Added once to every request, and once to every new connection.</summary>
    public TimeSpan RoundTrip { get; init; }

    /// <summary>What all answers together get, bytes a second; null for no limit.</summary>
    public double? LinkBytesPerSecond { get; init; }

    /// <summary>What one connection gets, bytes a second: its window divided by the round trip. Null for no limit.</summary>
    public double? ConnectionBytesPerSecond { get; init; }

    /// <summary>The data plane's own test: 5 % busy (half of them with Retry-After), 1 % stalls, 1 % truncated, 1 % resets, 1 % wrong ETags, 20 ms.</summary>
    public static FaultPlan RoughDay { get; } = new()
    {
        Rates = new Dictionary<Fault, double>
        {
            [Fault.Unavailable] = 0.025,
            [Fault.UnavailableRetryAfter] = 0.025,
            [Fault.Stall] = 0.01,
            [Fault.Truncate] = 0.01,
            [Fault.Reset] = 0.01,
            [Fault.WrongETag] = 0.01,
        },
        RoundTrip = TimeSpan.FromMilliseconds(20),
    };

    /// <summary>What happens to the <paramref name="repeat"/>-th request (from 0) of the range that ends at a byte, and at which share of its body.</summary>
    public (Fault Fault, double At) Draw(string blob, string lastByte, int repeat)
    {
        UInt128 hash = XxHash128.HashToUInt128(Encoding.UTF8.GetBytes($"{Seed}\n{blob}\n{lastByte}\n{repeat}"));
        double left = Share((ulong)hash);
        double at = Share((ulong)(hash >> 64));
        if (repeat >= HitsPerRange)
        {
            return (Fault.None, at);
        }

        foreach ((Fault fault, double rate) in Rates.OrderBy(entry => entry.Key))
        {
            if (left < rate)
            {
                return (fault, at);
            }

            left -= rate;
        }

        return (Fault.None, at);
    }

    private static double Share(ulong bits) => (bits >> 11) * (1.0 / (1UL << 53));
}
