using CsCheck;
using Ppma.Datasets.Ordering;

namespace Ppma.Datasets.Tests.Ordering;

public class MixerTests
{
    private static readonly Gen<(double[] Weights, long Seed)> Mixes = Gen.Select(Gen.Double[0.01, 100].Array[1, 6], Gen.Long);

    /// <summary>Reading any index on its own gives the batches that reading all in turn gives: resume costs nothing.</summary>
    [Fact]
    public void At_AnyIndex_CountsTheBatchesBefore() => Mixes.Sample(mix =>
    {
        var mixer = new Mixer(mix.Weights, mix.Seed);
        var done = new long[mix.Weights.Length];
        for (int index = 0; index < 300; index++)
        {
            MixedBatch batch = mixer.At(index);
            Assert.Equal(done[batch.Dataset]++, batch.Batch);
        }
    }, iter: 500);

    [Fact]
    public void At_FarIndex_ContinuesWithoutGapOrRepeat() =>
        Gen.Select(Mixes, Gen.Long[0, 1L << 40]).Sample((mix, from) =>
        {
            var mixer = new Mixer(mix.Weights, mix.Seed);
            var next = new Dictionary<int, long>();
            for (long index = from; index < from + 50; index++)
            {
                MixedBatch batch = mixer.At(index);
                Assert.Equal(next.GetValueOrDefault(batch.Dataset, batch.Batch), batch.Batch);
                next[batch.Dataset] = batch.Batch + 1;
            }
        }, iter: 2000);

    [Fact]
    public void At_AnyIndex_GivesEveryDatasetItsShareSoFar() => Mixes.Sample(mix =>
    {
        var mixer = new Mixer(mix.Weights, mix.Seed);
        double total = mix.Weights.Sum();
        for (int index = 0; index < 300; index++)
        {
            MixedBatch batch = mixer.At(index);
            double share = mix.Weights[batch.Dataset] / total;
            Assert.InRange(batch.Batch, (share * index) - mix.Weights.Length - 1, (share * index) + mix.Weights.Length + 1);
        }
    }, iter: 300);

    [Fact]
    public void At_LengthsAsWeights_EndsBothPassesTogether()
    {
        var mixer = new Mixer([3000, 4000], seed: 1);
        var batches = Enumerable.Range(0, 700).Select(index => mixer.At(index).Dataset).ToList();

        Assert.InRange(batches.Count(dataset => dataset == 0), 299, 301);

        // Random, not a pattern: with weights 3:4 a fixed rhythm of 7 would repeat.
        Assert.True(batches.Chunk(7).Select(chunk => string.Join("", chunk)).Distinct().Count() >= 8);
    }

    [Fact]
    public void At_OtherSeed_IsAnotherSequence()
    {
        var first = new Mixer([1, 1], seed: 1);
        var second = new Mixer([1, 1], seed: 2);
        Assert.NotEqual(
            Enumerable.Range(0, 100).Select(index => first.At(index)), Enumerable.Range(0, 100).Select(index => second.At(index)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Constructor_WeightNotPositive_IsRefused(double weight) =>
        Assert.Throws<ArgumentException>(() => new Mixer([1, weight], seed: 1));
}
