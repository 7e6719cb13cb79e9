using CsCheck;
using Ppma.Datasets.Ordering;

namespace Ppma.Datasets.Tests.Ordering;

public class HoldoutTests
{
    [Fact]
    public void Choose_AnyLabels_ParesEveryClassByItsShare() =>
        Gen.Select(Gen.Int[0, 5].Array[1, 200], Gen.Double[0.05, 0.95], Gen.Long).Sample((labels, share, seed) =>
        {
            (int[] train, int[] heldOut) = Holdout.Choose(labels, share, seed);

            Assert.Equal(Enumerable.Range(0, labels.Length), train.Concat(heldOut).Order());
            foreach (IGrouping<int, int> group in labels.GroupBy(label => label))
            {
                int held = heldOut.Count(ordinal => labels[ordinal] == group.Key);
                Assert.InRange(held, (share * group.Count()) - 1, (share * group.Count()) + 0.5);
                Assert.True(held < group.Count());
            }
        });

    [Fact]
    public void Choose_SameSeed_SameClips()
    {
        int[] labels = [.. Enumerable.Range(0, 100).Select(ordinal => ordinal % 4)];
        Assert.Equal(Holdout.Choose(labels, 0.2, 1).HeldOut, Holdout.Choose(labels, 0.2, 1).HeldOut);
        Assert.NotEqual(Holdout.Choose(labels, 0.2, 1).HeldOut, Holdout.Choose(labels, 0.2, 2).HeldOut);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(double.NaN)]
    public void Choose_ShareOutsideTheRange_IsRefused(double share) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Holdout.Choose([0, 1], share, 1));
}
