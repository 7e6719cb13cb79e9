using System.Runtime.CompilerServices;

namespace Ppma.Datasets.Randomness;

/// <summary>
/// One stream of random numbers, named by (seed, purpose, epoch, sample, view). Two streams of one name are equal and two
/// of different names are unrelated, so neither threads nor ranks nor a restart can change a number. Results are
/// bit-identical on every platform: integers, and IEEE 754 additions, multiplications, divisions and square roots only.
/// Not thread-safe; making one is cheap.
/// </summary>
public sealed class PhiloxStream
{
    private readonly uint _key0;
    private readonly uint _key1;
    private readonly ulong _sample;
    private ulong _block;
    private (uint X0, uint X1, uint X2, uint X3) _words;
    private int _used = 4;

    /// <summary>Opens the stream at its beginning.</summary>
    /// <param name="seed">The run's seed.</param>
    /// <param name="purpose">What the numbers are for.</param>
    /// <param name="epoch">Pass, epoch or step, as the purpose says.</param>
    /// <param name="sample">Ordinal or position, as the purpose says.</param>
    /// <param name="view">View of the sample.</param>
    public PhiloxStream(long seed, RandomPurpose purpose, long epoch = 0, long sample = 0, int view = 0)
    {
        // The name has more bits than a counter beside the block number, so the rare fields go through the key.
        (_key0, _key1, _, _) = Philox.Block(
            (uint)purpose, (uint)view, (uint)epoch, (uint)((ulong)epoch >> 32), (uint)seed, (uint)((ulong)seed >> 32));
        _sample = (ulong)sample;
    }

    /// <summary>Uniform over all 32-bit values.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint NextUInt32()
    {
        if (_used == 4)
        {
            _words = Philox.Block((uint)_block, (uint)(_block >> 32), (uint)_sample, (uint)(_sample >> 32), _key0, _key1);
            _block++;
            _used = 0;
        }

        return _used++ switch
        {
            0 => _words.X0,
            1 => _words.X1,
            2 => _words.X2,
            _ => _words.X3,
        };
    }

    /// <summary>Uniform over all 64-bit values; the first word drawn is the low half.</summary>
    public ulong NextUInt64()
    {
        ulong low = NextUInt32();
        return low | ((ulong)NextUInt32() << 32);
    }

    /// <summary>Uniform in [0, 1): a multiple of 2⁻⁵³.</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform in [0, 1): a multiple of 2⁻²⁴.</summary>
    public float NextSingle() => (NextUInt32() >> 8) * (1.0f / (1U << 24));

    /// <summary>Uniform in [0, <paramref name="bound"/>), without bias (Lemire, "Fast random integer generation in an interval", 2019).</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="bound"/> is not positive.</exception>
    public int NextInt32(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bound);
        uint range = (uint)bound;
        ulong product = (ulong)NextUInt32() * range;
        if ((uint)product < range)
        {
            uint threshold = (uint)(-(int)range) % range;
            while ((uint)product < threshold)
            {
                product = (ulong)NextUInt32() * range;
            }
        }

        return (int)(product >> 32);
    }

    /// <summary>
    /// Normal with mean 0 and variance 1, by the inverse of its distribution function at one uniform number:
    /// always two words, no rejection, tails to ±8.1.
    /// </summary>
    public double NextGaussian() => PortableMath.NormalQuantile(NextOpenDouble());

    /// <summary>Beta with both parameters positive: the share of one gamma variate in the sum of two.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is not positive.</exception>
    public double NextBeta(double alpha, double beta)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(alpha);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(beta);
        while (true)
        {
            double first = NextGamma(alpha);
            double sum = first + NextGamma(beta);

            // Both underflow only for parameters below 0.01 or so; then another pair has to decide.
            if (sum > 0)
            {
                return first / sum;
            }
        }
    }

    /// <summary>Puts the items in uniformly random order (Fisher–Yates, from the end).</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (int last = items.Length - 1; last > 0; last--)
        {
            int other = NextInt32(last + 1);
            (items[last], items[other]) = (items[other], items[last]);
        }
    }

    /// <summary>Gamma of scale 1 (Marsaglia and Tsang, "A simple method for generating gamma variables", 2000).</summary>
    private double NextGamma(double shape)
    {
        if (shape < 1)
        {
            double boosted = NextGamma(shape + 1);
            return boosted * PortableMath.Exp(PortableMath.Log(NextOpenDouble()) / shape);
        }

        double d = shape - (1.0 / 3.0);
        double c = 1 / Math.Sqrt(9 * d);
        while (true)
        {
            double x = NextGaussian();
            double root = 1 + (c * x);
            double v = root * root * root;
            if (v > 0 && PortableMath.Log(NextOpenDouble()) < (0.5 * x * x) + d - (d * v) + (d * PortableMath.Log(v)))
            {
                return d * v;
            }
        }
    }

    private double NextOpenDouble() => ((NextUInt64() >> 12) + 0.5) * (1.0 / (1UL << 52));
}
