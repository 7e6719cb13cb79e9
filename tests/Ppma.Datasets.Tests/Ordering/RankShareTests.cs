using CsCheck;
using Ppma.Datasets.Ordering;

namespace Ppma.Datasets.Tests.Ordering;

public class RankShareTests
{
    /// <summary>A test split of any size is visited exactly once at any world size, and groups stay whole.</summary>
    [Fact]
    public void Of_AllRanks_IsEverythingOnce() =>
        Gen.Select(Gen.Int[0, 5000], Gen.Int[1, 64], Gen.Int[1, 17]).Sample((items, worldSize, group) =>
        {
            int next = 0;
            for (int rank = 0; rank < worldSize; rank++)
            {
                (int first, int end) = new RankShare(rank, worldSize).Of(items, group);
                Assert.Equal(next, first);
                Assert.True(end == items || end % group == 0);
                Assert.InRange(end - first, 0, (((items / group / worldSize) + 2) * group) - 1);
                next = end;
            }

            Assert.Equal(items, next);
        }, iter: 10_000);

    [Fact]
    public void Default_IsTheWhole() => Assert.Equal((0, 7), default(RankShare).Of(7));

    [Theory]
    [InlineData(-1, 2)]
    [InlineData(2, 2)]
    [InlineData(0, 0)]
    public void Constructor_NoSuchRank_IsRefused(int rank, int worldSize) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new RankShare(rank, worldSize));
}
