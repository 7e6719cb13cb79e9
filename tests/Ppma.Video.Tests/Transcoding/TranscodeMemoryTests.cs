using Ppma.Video.Decoding;

namespace Ppma.Video.Tests.Transcoding;

public sealed class TranscodeMemoryTests
{
    private const int WarmUp = 30;
    private const int Runs = 180;

    /// <summary>Whole, cut and damaged sources over and over: what each leaves behind would add up to far more than is allowed.</summary>
    [Fact]
    public void Transcode_ManyTimes_LeavesNothingBehind()
    {
        byte[] whole = MovingBars.Mp4(count: 12, height: 192, width: 256);
        byte[] cut = whole[..(whole.Length / 2)];
        byte[] damaged = [.. whole];
        damaged.AsSpan(damaged.Length * 3 / 4, 2000).Fill(0xFF);
        long before = 0;
        for (int i = 0; i < Runs; i++)
        {
            if (i == WarmUp)
            {
                before = ResidentBytes();
            }

            Transcodes.Transcode(whole);
            Assert.Throws<VideoFormatException>(() => Transcodes.Transcode(cut));
            Assert.Throws<VideoFormatException>(() => Transcodes.Transcode(damaged));
            Assert.Throws<VideoFormatException>(() => Transcodes.Encode([whole]));
            GC.KeepAlive(Transcodes.Transcode(damaged, Transcodes.Small with { AcceptLostFrames = true }));
        }

        Assert.InRange(ResidentBytes() - before, long.MinValue, 24L << 20);
    }

    private static long ResidentBytes()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        return Environment.WorkingSet;
    }
}
