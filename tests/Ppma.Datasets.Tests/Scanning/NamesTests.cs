using Ppma.Datasets.Scanning;

namespace Ppma.Datasets.Tests.Scanning;

public class NamesTests
{
    [Theory]
    [InlineData("a.mp4", "a", "mp4")]
    [InlineData("b/c.d/a.left.MP4", "b/c.d/a", "left.mp4")]
    [InlineData("clip_0.5.mp4", "clip_0", "5.mp4")]
    [InlineData("__a.mp4", "__a", "mp4")]
    public void TrySplit_Sample_CutsAtTheFirstDotOfTheFileName(string name, string key, string column)
    {
        Assert.True(MemberName.TrySplit(name, out string foundKey, out string foundColumn));
        Assert.Equal((key, column), (foundKey, foundColumn));
    }

    [Theory]
    [InlineData("README")]
    [InlineData("a/.DS_Store")]
    [InlineData("._a.mp4")]
    [InlineData("a.")]
    [InlineData("__meta.json__")]
    [InlineData("__info__/a.mp4")]
    public void TrySplit_WhatWebDatasetPassesOver_IsNoSample(string name) => Assert.False(MemberName.TrySplit(name, out _, out _));

    [Theory]
    [InlineData("train-000000.tar", "train")]
    [InlineData("kinetics400-VAL_00.tar", "val")]
    [InlineData("test/shard-000001.tar", "test")]
    [InlineData("train/test-000001.tar", "train")]
    [InlineData("train-00001-of-00100.tar", "train")]
    [InlineData("clips-000000.tar", "clips")]
    [InlineData("000000.tar", null)]
    public void Of_ShardName_GivesTheSplit(string shard, string? split) => Assert.Equal(split, SplitNames.Of(shard));
}
