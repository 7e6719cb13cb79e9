using CsCheck;
using Ppma.Datasets.Caching;

namespace Ppma.Datasets.Tests.Caching;

public class LandedRangesTests
{
    [Fact]
    public void Add_AnyRangesInAnyOrder_KnowsEveryByte() =>
        Gen.Select(Gen.Int[0, 40], Gen.Int[1, 12], (start, length) => (start, end: start + length)).Array[0, 15].Sample(ranges =>
        {
            var landed = new LandedRanges();
            bool[] there = new bool[60];
            foreach ((int start, int end) in ranges)
            {
                landed.Add(start, end);
                there.AsSpan(start..end).Fill(true);
            }

            Assert.Equal(Array.IndexOf(there, false), landed.Prefix);
            for (int start = 0; start < 50; start++)
            {
                Assert.Equal(Array.IndexOf(there, false, start), landed.FirstGap(start));
                Assert.Equal(!there.AsSpan(start, 5).Contains(false), landed.Contains(start, start + 5));
            }
        }, iter: 2000);
}
