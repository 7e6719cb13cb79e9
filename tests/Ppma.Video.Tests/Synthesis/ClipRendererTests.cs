using System.Security.Cryptography;
using Ppma.Video.Synthesis;

namespace Ppma.Video.Tests.Synthesis;

public sealed class ClipRendererTests
{
    /// <summary>
    /// The same frames on every machine. A change here is a change of the data: raise
    /// <see cref="ClipRenderer.Version"/> with it.
    /// </summary>
    [Theory]
    [InlineData(SyntheticSet.Context, SyntheticSplit.Train, 0, "ad69cbe2b097a6a5e6f1f2377b6a254779769bb53243e527d77d25fe411ceb60")]
    [InlineData(SyntheticSet.Context, SyntheticSplit.Train, 5, "7fa2b2ec37bf6908aec906829f7b9f3f39f748946d37c9541020190709c39d9e")]
    [InlineData(SyntheticSet.Context, SyntheticSplit.Train, 2999, "5c084cf317282978d45bdcdff86920bae6e720c4d38452e3e3f3ea0c0b4bd356")]
    [InlineData(SyntheticSet.Synthetic, SyntheticSplit.Train, 0, "ebf444f8be04cdee9127bab2fb3002159cbc55edfb80f706526bd2ae8db54ba9")]
    [InlineData(SyntheticSet.Synthetic, SyntheticSplit.Train, 12, "726472892818c7e74098184aefdab0537074a8bb5fb2541a8151130c04651ca8")]
    [InlineData(SyntheticSet.Synthetic, SyntheticSplit.Train, 3999, "1f0d21f7fc13a300b8b94399447405cd0062872e866af2d6751653e4bf9953e7")]
    [InlineData(SyntheticSet.Actions, SyntheticSplit.Train, 0, "2c2404386cae432d41c17693bf6e64fb417ed3093f68401b6120b99168cd2a25")]
    [InlineData(SyntheticSet.Actions, SyntheticSplit.Train, 999, "dceb9e9ed3aa783c62d167265aadff4abe0b50ff6d44bc2317afbffc2ab3d810")]
    [InlineData(SyntheticSet.Actions, SyntheticSplit.Test, 6, "45d0cf540750cf838edfc69900703c649c62d6736f5895045cd51e50458ac77e")]
    public void Render_KnownClip_HasTheRecordedHash(SyntheticSet set, SyntheticSplit split, int index, string sha256) =>
        Assert.Equal(sha256, Convert.ToHexStringLower(SHA256.HashData(Render(123, set, split, index))));

    [Fact]
    public void Render_AnotherSeedSetSplitOrIndex_GivesAnotherClip()
    {
        byte[] clip = Render(1, SyntheticSet.Actions, SyntheticSplit.Train, 8);
        Assert.NotEqual(clip, Render(2, SyntheticSet.Actions, SyntheticSplit.Train, 8));
        Assert.NotEqual(clip, Render(1, SyntheticSet.Synthetic, SyntheticSplit.Train, 8));
        Assert.NotEqual(clip, Render(1, SyntheticSet.Actions, SyntheticSplit.Test, 8));
        Assert.NotEqual(clip, Render(1, SyntheticSet.Actions, SyntheticSplit.Train, 16));
        Assert.Equal(clip, Render(1, SyntheticSet.Actions, SyntheticSplit.Train, 8));
    }

    [Theory]
    [InlineData(SyntheticSet.Synthetic)]
    [InlineData(SyntheticSet.Actions)]
    public void Render_FigureSets_FiguresAreBrighterThanTheirGround(SyntheticSet set)
    {
        for (int index = 0; index < 40; index++)
        {
            byte[] rgb = Render(5, set, SyntheticSplit.Train, index);
            int[] luma = [.. rgb.Chunk(3).Select(p => ((299 * p[0]) + (587 * p[1]) + (114 * p[2])) / 1000).Order()];

            // A figure covers a tenth to a quarter of a frame.
            int figure = luma[^(luma.Length / 20)];
            int ground = luma[luma.Length / 2];
            Assert.True(figure - ground > 0.3 * 255, $"clip {index}: figure {figure}, ground {ground}");
        }
    }

    [Fact]
    public void Render_ContextScenes_HoldAGradientInEveryPatch()
    {
        const int Patch = 8;
        int flat = 0;
        int patches = 0;
        for (int index = 0; index < 80; index++)
        {
            byte[] rgb = Render(5, SyntheticSet.Context, SyntheticSplit.Train, index);
            for (int top = 0; top < ClipRenderer.Size; top += Patch)
            {
                for (int left = 0; left < ClipRenderer.Size; left += Patch)
                {
                    int[] green = [.. Enumerable.Range(0, Patch * Patch).Select(i =>
                        (int)rgb[(3 * (((top + (i / Patch)) * ClipRenderer.Size) + left + (i % Patch))) + 1])];
                    patches++;
                    flat += green.Max() - green.Min() < 4 ? 1 : 0;
                }
            }
        }

        Assert.True(flat < patches / 100, $"{flat} of {patches} patches are flat");
    }

    [Fact]
    public void Render_BufferOfAnotherSize_Throws() => Assert.Throws<ArgumentException>(() =>
        ClipRenderer.Render(1, SyntheticSet.Context, SyntheticSplit.Train, 0, new byte[7]));

    private static byte[] Render(long seed, SyntheticSet set, SyntheticSplit split, int index)
    {
        byte[] rgb = new byte[ClipRenderer.ClipBytes];
        ClipRenderer.Render(seed, set, split, index, rgb);
        return rgb;
    }
}
