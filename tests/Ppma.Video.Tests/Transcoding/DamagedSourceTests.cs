using Ppma.Datasets.Randomness;
using Ppma.Video.Decoding;
using Ppma.Video.Transcoding;

namespace Ppma.Video.Tests.Transcoding;

/// <summary>A damaged source is an error that says what is wrong, never a shorter video.</summary>
public sealed class DamagedSourceTests(ITestOutputHelper output)
{
    private static readonly TranscodeSettings Tolerant = Transcodes.Small with { AcceptLostFrames = true };

    [Fact]
    public void Transcode_NoBytes_IsEmpty()
    {
        Assert.Equal(VideoFormatReason.Empty, Assert.Throws<VideoFormatException>(() => Transcodes.Transcode([])).Reason);
    }

    [Fact]
    public void Transcode_EmptyFileOnDisk_IsEmpty()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("empty.mp4"), []);

        var e = Assert.Throws<VideoFormatException>(
            () => VideoTranscoder.Transcode(folder.File("empty.mp4"), cancellationToken: TestContext.Current.CancellationToken));

        Assert.Equal(VideoFormatReason.Empty, e.Reason);
    }

    [Fact]
    public void Transcode_SoundOnly_HasNoVideoStream()
    {
        FfmpegProgram.Require();
        byte[] source = FfmpegProgram.Make("sound.mp4", "-f lavfi -i sine=duration=1 -c:a aac");

        Assert.Equal(VideoFormatReason.NoVideoStream, Assert.Throws<VideoFormatException>(() => Transcodes.Transcode(source)).Reason);
    }

    [Theory]
    [MemberData(nameof(SampleVideos.Names), MemberType = typeof(SampleVideos))]
    public void Transcode_CutSource_IsTruncated(string name)
    {
        byte[] source = SampleVideos.Read(name);

        var e = Assert.Throws<VideoFormatException>(() => Transcodes.Transcode(source[..(source.Length * 3 / 4)], Tolerant));

        Assert.Equal(VideoFormatReason.Truncated, e.Reason);
    }

    [Fact]
    public void Transcode_FramesThatCannotBeDecoded_AreAnErrorOrCounted()
    {
        FfmpegProgram.Require();
        byte[] source = WithoutItsKeyFrame();

        var e = Assert.Throws<VideoFormatException>(() => Transcodes.Transcode(source));
        TranscodedVideo video = Transcodes.Transcode(source, Tolerant);

        Assert.Equal(VideoFormatReason.Corrupt, e.Reason);
        Assert.Contains("frame 25 is damaged", e.Message, StringComparison.Ordinal);
        Assert.Equal(50, video.Source.Frames);
        Assert.InRange(video.Frames, 1, 49);
        Assert.Equal(50 - video.Frames, video.LostFrames);
        Assert.Equal(video.Frames, FfmpegProgram.Times(video.Mp4).Ticks.Length);
    }

    [Fact]
    public void Transcode_SourceWithFewerFramesThanPackets_NamesBothCounts()
    {
        FfmpegProgram.Require();
        byte[] source = FfmpegProgram.Make("source.mkv", "-f lavfi -i testsrc2=size=128x96:rate=25:duration=3 -c:v libx264 -g 25 -bf 0");
        byte[] cut = FfmpegProgram.Convert("cut.mkv", "-i {0} -c copy -bsf:v noise=drop=lt(n\\,10) {out}", source);

        var e = Assert.Throws<VideoFormatException>(() => Transcodes.Transcode(cut));
        TranscodedVideo video = Transcodes.Transcode(cut, Tolerant);

        Assert.Contains("the decoder gives 50 frames, but the container has packets for 65", e.Message, StringComparison.Ordinal);
        Assert.Equal((50, 65, 15), (video.Frames, video.Source.Frames, video.LostFrames));
    }

    [Theory]
    [MemberData(nameof(SampleVideos.Names), MemberType = typeof(SampleVideos))]
    public void Transcode_FlippedBits_GivesAllFramesOrATypedError(string name)
    {
        byte[] original = SampleVideos.Read(name);
        int frames = Transcodes.Transcode(original).Frames;
        var outcomes = new SortedDictionary<string, int>(StringComparer.Ordinal);
        for (int i = 0; i < 30; i++)
        {
            byte[] source = [.. original];
            var random = new PhiloxStream(seed: 2, RandomPurpose.Synthesis, sample: i);
            for (int flip = 0; flip < 3; flip++)
            {
                source[random.NextInt32(source.Length)] ^= (byte)(1 << random.NextInt32(8));
            }

            string outcome = Outcome(source, frames);
            outcomes[outcome] = outcomes.GetValueOrDefault(outcome) + 1;
        }

        output.WriteLine($"{name}: {string.Join(", ", outcomes.Select(outcome => $"{outcome.Value} {outcome.Key}"))}");
        Assert.True(outcomes.Count > 1, "the flips are too weak to show anything");
    }

    [Fact]
    public void Transcode_UnknownPreset_DoesNotBlameTheVideo()
    {
        var e = Assert.Throws<InvalidOperationException>(
            () => Transcodes.Transcode(MovingBars.Mp4(), Transcodes.Small with { Preset = "warp" }));

        Assert.Contains("H.264 encoder", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(255)]
    [InlineData(0)]
    public void Transcode_OddShortSide_IsRefused(int shortSide)
    {
        Assert.Throws<ArgumentException>(() => Transcodes.Transcode(MovingBars.Mp4(), Transcodes.Small with { ShortSide = shortSide }));
    }

    [Fact]
    public void Transcode_LargerPicturesThanAllowed_IsTooLarge()
    {
        var settings = Transcodes.Small with { Limits = new VideoLimits { MaxPixels = 100 } };

        Assert.Equal(VideoFormatReason.TooLarge, Assert.Throws<VideoFormatException>(() => Transcodes.Transcode(MovingBars.Mp4(), settings)).Reason);
    }

    [Fact]
    public void Transcode_Cancelled_Stops()
    {
        Assert.Throws<OperationCanceledException>(
            () => VideoTranscoder.Transcode(MovingBars.Mp4(), Transcodes.Small, new CancellationToken(canceled: true)));
    }

    /// <summary>A video that is not refused has all the frames that its container states.</summary>
    private static string Outcome(byte[] source, int frames)
    {
        try
        {
            TranscodedVideo video = Transcodes.Transcode(source);
            Assert.Equal(video.Source.Frames, video.Frames);
            return video.Frames == frames ? "whole" : "a container that states other frames";
        }
        catch (VideoFormatException e)
        {
            return e.Reason.ToString();
        }
    }

    /// <summary>Two seconds of H.264 whose second group of pictures begins with noise in place of its key frame.</summary>
    private static byte[] WithoutItsKeyFrame()
    {
        byte[] source = FfmpegProgram.Make("source.mp4", "-f lavfi -i testsrc2=size=128x96:rate=25:duration=2 -c:v libx264 -g 25 -bf 0");
        string[] packet = FfmpegProgram.Probe(source, "packet=pos,size")[25].Split(',');
        int size = int.Parse(packet[0], null), position = int.Parse(packet[1], null);
        var random = new PhiloxStream(seed: 3, RandomPurpose.Synthesis, sample: 0);
        foreach (ref byte value in source.AsSpan(position + 8, size - 8))
        {
            value = (byte)random.NextUInt32();
        }

        return source;
    }
}
