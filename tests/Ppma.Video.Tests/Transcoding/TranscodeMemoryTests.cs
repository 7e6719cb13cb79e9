using Ppma.Video.Decoding;
using Ppma.Video.Transcoding;

namespace Ppma.Video.Tests.Transcoding;

/// <summary>Run alone: resident memory is the whole process's.</summary>
[CollectionDefinition(nameof(TranscodeMemoryTests), DisableParallelization = true)]
[Collection(nameof(TranscodeMemoryTests))]
public sealed class TranscodeMemoryTests
{
    private const int RunsBetween = 40;
    private const int Runs = 240;

    /// <summary>One picture (72 KiB), codec or file left behind by each attempt would add up to several times what is allowed.</summary>
    [Fact]
    public void Transcode_ManyTimes_LeavesNothingBehind()
    {
        byte[] whole = MovingBars.Mp4(count: 4, height: 192, width: 256);
        byte[] cut = whole[..(whole.Length * 3 / 4)];
        byte[] damaged = [.. whole];
        damaged.AsSpan(damaged.Length / 2, 2000).Fill(0xFF);
        var settings = new TranscodeSettings { ShortSide = 256, Preset = "ultrafast" };
        List<long> resident = [];
        for (int i = 0; i <= Runs; i++)
        {
            if (i % RunsBetween == 0)
            {
                resident.Add(ResidentBytes());
            }

            Transcodes.Transcode(whole, settings);
            Assert.Throws<VideoFormatException>(() => Transcodes.Transcode(cut, settings));
            Assert.Throws<VideoFormatException>(() => Transcodes.Transcode(damaged, settings));
            Assert.Throws<VideoFormatException>(() => Transcodes.Encode([whole], settings));
        }

        Assert.InRange(resident[^1] - resident[1], long.MinValue, 8L << 20);
    }

    private static long ResidentBytes()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        return Environment.WorkingSet;
    }
}
