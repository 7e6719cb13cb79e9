using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Ppma.Operator.Attempts;

namespace Ppma.Operator.Datasets;

/// <summary>
/// When a data set is verified again. Pure: what looks random comes from the UID, so that a time that is computed twice is the same, and a thousand sets
/// that were applied together do not go on together.
/// </summary>
internal static class VerificationTimes
{
    /// <summary>No set is verified more often by itself.</summary>
    public static readonly TimeSpan ShortestInterval = TimeSpan.FromSeconds(60);

    /// <summary>Up to this share of a wait is taken off.</summary>
    private const double Spread = 0.1;

    /// <param name="uid">The data set's UID.</param>
    /// <param name="intervalSeconds">0 for never.</param>
    /// <param name="end">When the last verification ended, UTC.</param>
    public static DateTime? AfterSuccess(string uid, int intervalSeconds, DateTime end) =>
        intervalSeconds == 0 ? null : Spreaded(uid, end, TimeSpan.FromSeconds(Math.Max(intervalSeconds, ShortestInterval.TotalSeconds)));

    /// <summary>
    /// Soon where storage or a node failed, which passes; later where the program did; latest where it would fail the same way again until a person does
    /// something that need not be an edit of the resource. It never gives up.
    /// </summary>
    /// <param name="uid">The data set's UID.</param>
    /// <param name="class">Who would pay for another attempt.</param>
    /// <param name="failures">In a row, this one included.</param>
    /// <param name="end">When the last one ended, UTC.</param>
    public static DateTime AfterFailure(string uid, ExitClass @class, int failures, DateTime end)
    {
        var (first, longest) = @class switch
        {
            ExitClass.Final => (TimeSpan.FromMinutes(5), TimeSpan.FromHours(1)),
            ExitClass.Application => (TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(30)),
            _ => (TimeSpan.FromSeconds(15), TimeSpan.FromMinutes(5)),
        };
        var doubled = first * Math.Pow(2, Math.Clamp(failures - 1, 0, 30));
        return Spreaded(uid, end, doubled < longest ? doubled : longest);
    }

    private static DateTime Spreaded(string uid, DateTime end, TimeSpan wait)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(uid), hash);
        var share = BinaryPrimitives.ReadUInt32BigEndian(hash) / (double)uint.MaxValue;
        return WholeSecond(end + (wait * (1 - (Spread * share))));
    }

    /// <summary>As an API server keeps times.</summary>
    public static DateTime WholeSecond(DateTime time) => new(time.Ticks - (time.Ticks % TimeSpan.TicksPerSecond), DateTimeKind.Utc);
}
