using CsCheck;
using Ppma.Datasets.Packing.Sources;

namespace Ppma.Datasets.Tests.Packing.Sources;

public class SourceSetTests
{
    /// <summary>Folders and lists are sorted by class; shards that hold one class each would train badly.</summary>
    [Fact]
    public void Sources_SortedByClass_AreMixed()
    {
        var set = new SourceSet(["a", "b", "c", "d"], Enumerable.Range(0, 400).Select(i => Source("train", $"{i / 100}/{i:D3}.mp4", i / 100)));

        for (int first = 0; first < 400; first += 50)
        {
            Assert.All(Enumerable.Range(0, 4), label => Assert.InRange(set.Sources.Skip(first).Take(50).Count(source => source.Label == label), 4, 25));
        }
    }

    [Fact]
    public void Sources_AnyOrderGiven_AreInOneOrderWithRunningKeys() =>
        Gen.Shuffle(Enumerable.Range(0, 30).ToArray()).Sample(order =>
        {
            var set = new SourceSet([], order.Select(i => Source(i < 20 ? "train" : "test", $"{i}.mp4", -1)));
            var sorted = new SourceSet([], Enumerable.Range(0, 30).Select(i => Source(i < 20 ? "train" : "test", $"{i}.mp4", -1)));

            Assert.Equal(sorted.Sources, set.Sources);
            Assert.Equal(
                [.. Enumerable.Range(0, 10).Select(i => $"test-{i:D8}"), .. Enumerable.Range(0, 20).Select(i => $"train-{i:D8}")],
                set.Sources.Select(source => source.Key));
        });

    [Fact]
    public void Digest_CopiedSources_StaysWhileTheStampedOneChanges()
    {
        SourceSet original = new(["x"], [Source("train", "a.mp4", 0)]);
        SourceSet copied = new(["x"], [Source("train", "a.mp4", 0) with { Stamp = 9, FullPath = "elsewhere" }]);
        SourceSet longer = new(["x"], [Source("train", "a.mp4", 0) with { Bytes = 9 }]);

        Assert.Equal(original.Digest(), copied.Digest());
        Assert.NotEqual(original.StampedDigest(), copied.StampedDigest());
        Assert.NotEqual(original.Digest(), longer.Digest());
    }

    [Theory]
    [InlineData("f2", "f10")]
    [InlineData("f2a", "f02b")]
    [InlineData("f", "f1")]
    [InlineData("a10", "b2")]
    [InlineData("v1_f9", "v1_f10")]
    [InlineData("9999999999999999999999", "10000000000000000000000")]
    [InlineData("01", "1")]
    public void NaturalOrder_NumbersInNames_CountByValue(string first, string second)
    {
        Assert.True(NaturalOrder.Instance.Compare(first, second) < 0);
        Assert.True(NaturalOrder.Instance.Compare(second, first) > 0);
    }

    [Fact]
    public void NaturalOrder_AnyNames_IsAnOrder() =>
        Gen.Select(Name, Name, Name).Sample((a, b, c) =>
        {
            NaturalOrder order = NaturalOrder.Instance;
            Assert.Equal(a == b, order.Compare(a, b) == 0);
            Assert.Equal(Math.Sign(order.Compare(a, b)), -Math.Sign(order.Compare(b, a)));
            Assert.False(order.Compare(a, b) < 0 && order.Compare(b, c) < 0 && order.Compare(a, c) >= 0);
        });

    private static Gen<string> Name => Gen.String[Gen.Char["01ab"], 0, 5];

    private static PackSource Source(string split, string path, int label) => new()
    {
        Split = split, RelativePath = path, FullPath = $"root/{path}", Kind = SourceKind.Video, Label = label, Bytes = 3, Stamp = 1,
    };
}
