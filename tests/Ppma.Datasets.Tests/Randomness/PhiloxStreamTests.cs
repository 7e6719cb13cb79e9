using CsCheck;
using Ppma.Datasets.Randomness;

namespace Ppma.Datasets.Tests.Randomness;

public class PhiloxStreamTests
{
    private static readonly Gen<(long Seed, RandomPurpose Purpose, long Epoch, long Sample, int View)> Names =
        Gen.Select(Gen.Long, Gen.Enum<RandomPurpose>(), Gen.Long, Gen.Long, Gen.Int);

    [Fact]
    public void Stream_SameName_SameNumbers() => Names.Sample(name =>
        Assert.Equal(Open(name).NextUInt64(), Open(name).NextUInt64()));

    [Fact]
    public void Stream_AnyOtherName_OtherNumbers() => Gen.Select(Names, Names).Sample((first, second) =>
        Assert.True(first == second || Open(first).NextUInt64() != Open(second).NextUInt64()));

    [Fact]
    public void Stream_OneFieldMoved_OtherNumbers() => Names.Sample(name =>
    {
        ulong[] values =
        [
            Open(name).NextUInt64(),
            Open(name with { Seed = name.Seed ^ 1 }).NextUInt64(),
            Open(name with { Seed = name.Seed ^ (1L << 40) }).NextUInt64(),
            Open(name with { Purpose = name.Purpose ^ (RandomPurpose)64 }).NextUInt64(),
            Open(name with { Epoch = name.Epoch ^ 1 }).NextUInt64(),
            Open(name with { Epoch = name.Epoch ^ (1L << 40) }).NextUInt64(),
            Open(name with { Sample = name.Sample ^ 1 }).NextUInt64(),
            Open(name with { Sample = name.Sample ^ (1L << 40) }).NextUInt64(),
            Open(name with { View = name.View ^ 1 }).NextUInt64(),
        ];
        Assert.Equal(values.Length, values.Distinct().Count());
    });

    /// <summary>Recorded results depend on these bits: a change here is a new numerics version.</summary>
    [Fact]
    public void Stream_PinnedName_PinnedNumbers()
    {
        var stream = new PhiloxStream(123, RandomPurpose.Crop, epoch: 4, sample: 567, view: 2);
        uint[] words = [stream.NextUInt32(), stream.NextUInt32(), stream.NextUInt32(), stream.NextUInt32(), stream.NextUInt32()];
        long[] bits =
        [
            BitConverter.DoubleToInt64Bits(stream.NextDouble()),
            BitConverter.SingleToInt32Bits(stream.NextSingle()),
            stream.NextInt32(1000),
            BitConverter.DoubleToInt64Bits(stream.NextGaussian()),
            BitConverter.DoubleToInt64Bits(stream.NextBeta(0.8, 0.8)),
            BitConverter.DoubleToInt64Bits(stream.NextBeta(3, 2)),
        ];
        Assert.Equal(PinnedWords, words);
        Assert.Equal(PinnedBits, bits);
    }

    private static readonly uint[] PinnedWords = [0x9fa11821u, 0xebac8644u, 0x99473764u, 0x91a120f2u, 0xa715d3cbu];

    private static readonly long[] PinnedBits = [4606240754318068254, 1063423789, 541, -4614075308794929377, 4596754544755638014, 4604625261865321325];

    [Fact]
    public void NextInt32_AnyBound_StaysInside() => Gen.Select(Names, Gen.Int[1, int.MaxValue]).Sample((name, bound) =>
        Assert.InRange(Open(name).NextInt32(bound), 0, bound - 1));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(100)]
    public void NextInt32_ManyDraws_AreUniform(int bound)
    {
        var stream = new PhiloxStream(1, RandomPurpose.Synthesis);
        const int Draws = 200_000;
        int[] counts = new int[bound];
        for (int i = 0; i < Draws; i++)
        {
            counts[stream.NextInt32(bound)]++;
        }

        Assert.InRange(ChiSquare(counts, Draws / (double)bound), 0, Limit(bound - 1));
    }

    /// <summary>Without rejection two thirds of the draws would fall in the lower half.</summary>
    [Fact]
    public void NextInt32_BoundThatDividesBadly_IsUnbiased()
    {
        var stream = new PhiloxStream(2, RandomPurpose.Synthesis);
        const int Bound = 1_431_655_766;
        const int Draws = 100_000;
        int[] thirds = new int[3];
        for (int i = 0; i < Draws; i++)
        {
            thirds[stream.NextInt32(Bound) / (Bound / 3 + 1)]++;
        }

        Assert.InRange(ChiSquare(thirds, Draws / 3.0), 0, Limit(2));
    }

    [Fact]
    public void NextDoubleAndSingle_ManyDraws_AreUniform()
    {
        var stream = new PhiloxStream(3, RandomPurpose.Synthesis);
        const int Draws = 200_000;
        int[] doubles = new int[256], singles = new int[256];
        for (int i = 0; i < Draws; i++)
        {
            doubles[(int)(stream.NextDouble() * 256)]++;
            singles[(int)(stream.NextSingle() * 256)]++;
        }

        Assert.InRange(ChiSquare(doubles, Draws / 256.0), 0, Limit(255));
        Assert.InRange(ChiSquare(singles, Draws / 256.0), 0, Limit(255));
    }

    [Fact]
    public void NextGaussian_ManyDraws_HasTheMomentsAndTails()
    {
        var stream = new PhiloxStream(4, RandomPurpose.Synthesis);
        const int Draws = 200_000;
        double sum = 0, squares = 0, fourth = 0;
        int beyondTwo = 0;
        for (int i = 0; i < Draws; i++)
        {
            double x = stream.NextGaussian();
            sum += x;
            squares += x * x;
            fourth += x * x * x * x;
            beyondTwo += Math.Abs(x) > 2 ? 1 : 0;
        }

        Assert.Equal(0, sum / Draws, 0.01);
        Assert.Equal(1, squares / Draws, 0.015);
        Assert.Equal(3, fourth / Draws, 0.12);
        Assert.Equal(0.0455, beyondTwo / (double)Draws, 0.002);
    }

    [Theory]
    [InlineData(0.8, 0.8)]
    [InlineData(1, 1)]
    [InlineData(0.2, 3)]
    [InlineData(5, 2)]
    public void NextBeta_ManyDraws_HasMeanAndVariance(double alpha, double beta)
    {
        var stream = new PhiloxStream(5, RandomPurpose.Mix);
        const int Draws = 100_000;
        double sum = 0, squares = 0;
        for (int i = 0; i < Draws; i++)
        {
            double x = stream.NextBeta(alpha, beta);
            Assert.InRange(x, 0, 1);
            sum += x;
            squares += x * x;
        }

        double mean = alpha / (alpha + beta);
        double variance = alpha * beta / ((alpha + beta) * (alpha + beta) * (alpha + beta + 1));
        Assert.Equal(mean, sum / Draws, 0.006);
        Assert.Equal(variance, (squares / Draws) - (sum / Draws * (sum / Draws)), 0.004);
    }

    [Fact]
    public void NextBeta_ParameterNotPositive_IsRefused()
    {
        var stream = new PhiloxStream(0, RandomPurpose.Mix);
        Assert.Throws<ArgumentOutOfRangeException>(() => stream.NextBeta(0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => stream.NextBeta(1, -1));
    }

    [Fact]
    public void Shuffle_AnyLength_KeepsEveryItem() => Gen.Select(Names, Gen.Int[0, 300]).Sample((name, length) =>
    {
        int[] items = [.. Enumerable.Range(0, length)];
        Open(name).Shuffle(items.AsSpan());
        Assert.Equal(Enumerable.Range(0, length), items.Order());
    });

    [Fact]
    public void Shuffle_FourItems_ReachesEveryOrderEquallyOften()
    {
        var stream = new PhiloxStream(6, RandomPurpose.SampleOrder);
        const int Draws = 48_000;
        var counts = new Dictionary<(int, int, int, int), int>();
        for (int i = 0; i < Draws; i++)
        {
            int[] items = [0, 1, 2, 3];
            stream.Shuffle(items.AsSpan());
            var order = (items[0], items[1], items[2], items[3]);
            counts[order] = counts.GetValueOrDefault(order) + 1;
        }

        Assert.Equal(24, counts.Count);
        Assert.InRange(ChiSquare([.. counts.Values], Draws / 24.0), 0, Limit(23));
    }

    private static PhiloxStream Open((long Seed, RandomPurpose Purpose, long Epoch, long Sample, int View) name) =>
        new(name.Seed, name.Purpose, name.Epoch, name.Sample, name.View);

    private static double ChiSquare(int[] counts, double expected) =>
        counts.Sum(count => (count - expected) * (count - expected) / expected);

    /// <summary>Five standard deviations above the mean of the statistic. The streams are fixed, so this never flickers.</summary>
    private static double Limit(int freedom) => freedom + (5 * Math.Sqrt(2.0 * freedom)) + 1;
}
