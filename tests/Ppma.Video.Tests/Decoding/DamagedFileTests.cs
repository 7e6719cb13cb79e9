using System.Buffers.Binary;
using Ppma.Datasets.Randomness;
using Ppma.Video.Decoding;

namespace Ppma.Video.Tests.Decoding;

/// <summary>Whatever is in a file, decoding it gives frames or a <see cref="VideoFormatException"/>.</summary>
public sealed class DamagedFileTests(ITestOutputHelper output)
{
    private const int Mutations = 300;

    [Fact]
    public void Open_NoBytes_IsEmpty()
    {
        Assert.Equal(VideoFormatReason.Empty, Assert.Throws<VideoFormatException>(() => VideoDecoder.Open([])).Reason);
    }

    [Fact]
    public void Open_Text_IsCorrupt()
    {
        byte[] text = System.Text.Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("path/to/clip.mp4;3\n", 100)));

        Assert.Equal(VideoFormatReason.Corrupt, Assert.Throws<VideoFormatException>(() => VideoDecoder.Open(text)).Reason);
    }

    [Theory]
    [InlineData("#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\n/etc/passwd\n#EXT-X-ENDLIST\n")]
    [InlineData("ffconcat version 1.0\nfile /etc/passwd\n")]
    public void Open_APlaylist_IsRefused(string playlist)
    {
        Assert.Throws<VideoFormatException>(() => VideoDecoder.Open(System.Text.Encoding.UTF8.GetBytes(playlist)));
    }

    [Theory]
    [MemberData(nameof(SampleVideos.Names), MemberType = typeof(SampleVideos))]
    public void Open_FileCutAnywhere_IsTruncatedOrCorrupt(string name)
    {
        byte[] file = SampleVideos.Read(name);
        for (int tenth = 1; tenth < 10; tenth++)
        {
            var e = Assert.Throws<VideoFormatException>(() => VideoDecoder.Open(file.AsSpan(0, file.Length * tenth / 10)));
            Assert.True(
                e.Reason is VideoFormatReason.Truncated or VideoFormatReason.Corrupt, $"{name} cut at {tenth}/10: {e.Message}");
        }
    }

    [Theory]
    [MemberData(nameof(SampleVideos.Names), MemberType = typeof(SampleVideos))]
    public void Open_FileCutInTheMiddle_IsTruncated(string name)
    {
        byte[] file = SampleVideos.Read(name);

        var e = Assert.Throws<VideoFormatException>(() => VideoDecoder.Open(file.AsSpan(0, file.Length * 3 / 4)));

        Assert.Equal(VideoFormatReason.Truncated, e.Reason);
    }

    [Fact]
    public void Open_SoundOnly_HasNoVideoStream()
    {
        byte[] file = MovingBars.Mp4();
        Replace(file, "vide", "soun");

        Assert.Equal(VideoFormatReason.NoVideoStream, Assert.Throws<VideoFormatException>(() => VideoDecoder.Open(file)).Reason);
    }

    [Fact]
    public void Open_VideoWithoutFrames_IsZeroLength()
    {
        byte[] file = MovingBars.Mp4();
        WriteAfter(file, "stsz", 8, 0);
        WriteAfter(file, "stts", 4, 0);
        WriteAfter(file, "stsc", 4, 0);
        WriteAfter(file, "stco", 4, 0);

        Assert.Equal(VideoFormatReason.ZeroLength, Assert.Throws<VideoFormatException>(() => VideoDecoder.Open(file)).Reason);
    }

    [Fact]
    public void Open_UnknownCodec_IsUnsupported()
    {
        byte[] file = MovingBars.Mp4();
        Replace(file, "avc1", "zzzz");

        Assert.Equal(VideoFormatReason.Unsupported, Assert.Throws<VideoFormatException>(() => VideoDecoder.Open(file)).Reason);
    }

    [Fact]
    public void Open_MorePixelsThanAllowed_IsTooLarge()
    {
        byte[] file = MovingBars.Mp4(height: 48, width: 64);

        var e = Assert.Throws<VideoFormatException>(() => VideoDecoder.Open(file, new VideoLimits { MaxPixels = (48 * 64) - 1 }));

        Assert.Equal(VideoFormatReason.TooLarge, e.Reason);
    }

    [Fact]
    public void ReadWindow_ContainerThatStatesAnotherSize_GoesByThePictures()
    {
        byte[] file = MovingBars.Mp4(height: 48, width: 64);
        using var honest = VideoDecoder.Open(file);
        using var expected = honest.ReadWindow(0, 1, 4);
        WriteAfter(file, "avc1", 24, (32 << 16) | 32);
        using var decoder = VideoDecoder.Open(file);
        Assert.Equal((32, 32), (decoder.Height, decoder.Width));

        using var window = decoder.ReadWindow(0, 1, 4);

        Assert.Equal((48, 64), (decoder.Height, decoder.Width));
        Assert.True(expected.Pixels.bytes.SequenceEqual(window.Pixels.bytes));
    }

    [Theory]
    [InlineData(8)]
    [InlineData(9)]
    public void Open_BogusSampleCount_IsRefusedWithoutTheMemory(int offset)
    {
        byte[] file = MovingBars.Mp4();
        WriteAfter(file, "stsz", 4, 1);
        WriteAfter(file, "stsz", offset, 0x7fffffff);
        WriteAfter(file, "stsc", 12, 0x7fffffff);
        long before = Environment.WorkingSet;

        Assert.ThrowsAny<VideoFormatException>(() => ReadSixteenFrames(file));

        Assert.InRange(Environment.WorkingSet - before, long.MinValue, 700L << 20);
    }

    [Theory]
    [MemberData(nameof(SampleVideos.Names), MemberType = typeof(SampleVideos))]
    public void ReadWindow_DamagedFiles_GivesFramesOrATypedError(string name)
    {
        byte[] file = SampleVideos.Read(name);
        var outcomes = new SortedDictionary<string, int>(StringComparer.Ordinal);
        for (int i = 0; i < Mutations; i++)
        {
            string outcome;
            try
            {
                ReadSixteenFrames(Mutate(file, new PhiloxStream(seed: 1, RandomPurpose.Synthesis, sample: i)));
                outcome = "decoded";
            }
            catch (VideoFormatException e)
            {
                outcome = e.Reason.ToString();
            }

            outcomes[outcome] = outcomes.GetValueOrDefault(outcome) + 1;
        }

        output.WriteLine($"{name}: {string.Join(", ", outcomes.Select(outcome => $"{outcome.Value} {outcome.Key}"))}");
        Assert.Equal(Mutations, outcomes.Values.Sum());
        Assert.True(outcomes.Count > 2, "the mutations are too weak to show anything");
    }

    private static void ReadSixteenFrames(byte[] file)
    {
        using var decoder = VideoDecoder.Open(file, new VideoLimits { MaxPixels = 1 << 20 });
        using var window = decoder.ReadWindow(decoder.FrameSeconds[0], Math.Max(decoder.DurationSeconds, 1), 16);
    }

    /// <summary>Cuts, flips bits, writes extreme integers, overwrites with noise, or copies one part over another.</summary>
    private static byte[] Mutate(byte[] original, PhiloxStream random)
    {
        byte[] file = [.. original];
        int size = file.Length;
        switch (random.NextInt32(5))
        {
            case 0:
                return file[..(1 + random.NextInt32(size - 1))];
            case 1:
                for (int i = 0; i < 4; i++)
                {
                    file[random.NextInt32(size)] ^= (byte)(1 << random.NextInt32(8));
                }

                return file;
            case 2:
                uint[] extremes = [0, 1, 0x7fffffff, 0x80000000, 0xffffffff];
                for (int i = 0; i < 2; i++)
                {
                    BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(random.NextInt32(size - 4)), extremes[random.NextInt32(extremes.Length)]);
                }

                return file;
            case 3:
                int start = random.NextInt32(size);
                foreach (ref byte value in file.AsSpan(start, Math.Min(64, size - start)))
                {
                    value = (byte)random.NextUInt32();
                }

                return file;
            default:
                int length = 1 + random.NextInt32(size / 4);
                original.AsSpan(random.NextInt32(size - length), length).CopyTo(file.AsSpan(random.NextInt32(size - length)));
                return file;
        }
    }

    private static void Replace(byte[] file, string text, string by)
    {
        byte[] wanted = System.Text.Encoding.ASCII.GetBytes(text);
        int found = 0;
        for (int at = file.AsSpan().IndexOf(wanted); at >= 0; at = file.AsSpan().IndexOf(wanted), found++)
        {
            System.Text.Encoding.ASCII.GetBytes(by).CopyTo(file, at);
        }

        Assert.NotEqual(0, found);
    }

    /// <summary>Overwrites a 32-bit number of an MP4 box, so many bytes behind its name (which the file type in front may spell, too).</summary>
    private static void WriteAfter(byte[] file, string box, int offset, int value)
    {
        int at = file.AsSpan().LastIndexOf(System.Text.Encoding.ASCII.GetBytes(box));
        Assert.NotEqual(-1, at);
        BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(at + 4 + offset), value);
    }
}
