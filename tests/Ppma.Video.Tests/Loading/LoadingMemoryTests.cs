using CsCheck;
using Ppma.Video.Loading;

namespace Ppma.Video.Tests.Loading;

public sealed class LoadingMemoryTests
{
    [Fact]
    public void Divide_AnyThatIsEnough_HoldsThreeBatchesAndNeverMoreThanAll()
    {
        Gen.Select(Gen.Long[1, 4L << 30], Gen.Long[0, 64L << 30], Gen.Int[1, 128]).Sample((batchBytes, more, threads) =>
        {
            long all = (4 * batchBytes) + more;
            LoadingMemory memory = LoadingMemory.Divide(all, batchBytes, threads);
            return memory.Batches >= 3
                && (memory.Batches * batchBytes) + memory.EncodedBytes + memory.DecodingBytes == all
                && memory.EncodedBytes + memory.DecodingBytes >= Math.Min(batchBytes, 128L << 20);
        });
    }

    [Fact]
    public void Divide_TwiceTheMemory_MakesMoreBatchesAhead()
    {
        const long gib = 1L << 30;
        Assert.True(LoadingMemory.Divide(8 * gib, gib / 2, threads: 4).Batches > LoadingMemory.Divide(4 * gib, gib / 2, threads: 4).Batches);
    }

    [Fact]
    public void Divide_NothingAsked_TakesFourBatchesAndRoomForTheThreads()
    {
        LoadingMemory memory = LoadingMemory.Divide(null, batchBytes: 100, threads: 2);

        Assert.Equal(4, memory.Batches);
        Assert.True(memory.DecodingBytes > 2 * (64L << 20));
    }

    [Fact]
    public void Divide_TooLittle_SaysHowMuchIsNeeded()
    {
        var refusal = Assert.Throws<ArgumentException>(() => LoadingMemory.Divide(3999, batchBytes: 1000, threads: 1));

        Assert.Contains("may take 3999 bytes of memory, but needs 4000: 3 batches of 1000 bytes", refusal.Message, StringComparison.Ordinal);
    }
}
