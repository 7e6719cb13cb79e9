using Ppma.Video.Decoding;
using Ppma.Video.Transcoding;

namespace Ppma.Video.Tests.Transcoding;

/// <summary>Every frame of the source is there, at its time relative to the first, and can be reached within a second of decoding.</summary>
public sealed class FrameTimeTests
{
    [Theory]
    [MemberData(nameof(SourceVideos.Names), MemberType = typeof(SourceVideos))]
    public void Transcode_AnySource_KeepsEveryFrameAtItsExactTime(string name)
    {
        byte[] source = SourceVideos.Make(name);

        TranscodedVideo video = Transcodes.Transcode(source);

        var before = FfmpegProgram.Times(source);
        var after = FfmpegProgram.Times(video.Mp4);
        Assert.Equal(before.Ticks.Length, video.Frames);
        Assert.Equal(
            before.Ticks.Select(tick => (Int128)tick * before.Numerator * after.Denominator),
            after.Ticks.Select(tick => (Int128)tick * after.Numerator * before.Denominator));
    }

    [Theory]
    [MemberData(nameof(SourceVideos.Names), MemberType = typeof(SourceVideos))]
    public void Transcode_AnySource_IsReadWithTheTimesOfTheSource(string name)
    {
        byte[] source = SourceVideos.Make(name);

        TranscodedVideo video = Transcodes.Transcode(source);

        using var before = VideoDecoder.Open(source);
        using var after = VideoDecoder.Open(video.Mp4);
        double first = before.FrameSeconds[0];
        Assert.Equal(before.FrameSeconds.ToArray().Select(seconds => seconds - first), after.FrameSeconds.ToArray(), (a, b) => Math.Abs(a - b) < 1e-9);
        Assert.Equal(before.DurationSeconds - first, after.DurationSeconds, 1e-6);
        Assert.Equal(video.DurationSeconds, after.DurationSeconds, 1e-9);
        Assert.Equal((64, 86, 96, 128), (after.Height, after.Width, video.Source.Height, video.Source.Width));
        ReadEveryFrame(after);
    }

    [Theory]
    [MemberData(nameof(SourceVideos.Names), MemberType = typeof(SourceVideos))]
    public void Transcode_AnySource_HasAKeyFrameEverySecondAndNoFrameOutOfOrder(string name)
    {
        var file = new Mp4File(Transcodes.Transcode(SourceVideos.Make(name)).Mp4);

        long[] ticks = file.Ticks;
        int[] keys = file.KeyFrames;
        Assert.Equal(0, keys[0]);
        foreach ((int key, int next) in keys.Zip(keys.Skip(1).Append(ticks.Length - 1)))
        {
            long seconds = ticks[next] - ticks[key];
            Assert.True(seconds <= file.TimeScale || next == key + 1, $"key frames {key} and {next} are {seconds}/{file.TimeScale} s apart");
        }

        Assert.DoesNotContain("ctts", file.Boxes);
    }

    [Fact]
    public void Transcode_LongGop_PutsKeyFramesExactlyASecondApart()
    {
        var file = new Mp4File(Transcodes.Transcode(SourceVideos.Make("h264-long-gop.mp4")).Mp4);

        Assert.Equal([0, 25, 50], file.KeyFrames);
    }

    [Fact]
    public void Transcode_SourceThatStartsLater_SaysWhen()
    {
        TranscodedVideo video = Transcodes.Transcode(SourceVideos.Make("h264-starts-later.mkv"));

        Assert.Equal(7.3, video.Source.FirstSeconds, 1e-3);
        Assert.Equal(0, new Mp4File(video.Mp4).Ticks[0]);
    }

    [Fact]
    public void Transcode_EditListThatCutsTheStart_LeavesTheCutFramesOut()
    {
        byte[] whole = SourceVideos.Make("h264-long-gop.mp4");
        byte[] cut = FfmpegProgram.Convert("cut.mp4", "-ss 1.2 -i {0} -c copy {out}", whole);
        Assert.Contains("edts", new Mp4File(cut).Boxes);

        TranscodedVideo video = Transcodes.Transcode(cut);

        Assert.Equal(45, video.Frames);
        Assert.Equal(45, Transcodes.Transcode(cut).Source.Frames);
    }

    [Fact]
    public void Transcode_OwnClip_KeepsTheTimesBitForBit()
    {
        byte[] source = MovingBars.Mp4(count: 40, framesASecond: 10);

        TranscodedVideo video = Transcodes.Transcode(source);

        using var before = VideoDecoder.Open(source);
        using var after = VideoDecoder.Open(video.Mp4);
        Assert.Equal(before.FrameSeconds.ToArray(), after.FrameSeconds.ToArray());
        Assert.Equal([0, 10, 20, 30], new Mp4File(video.Mp4).KeyFrames);
    }

    private static void ReadEveryFrame(VideoDecoder decoder)
    {
        byte[] rgb = new byte[decoder.FrameSeconds.Length * decoder.Width * decoder.Height * 3];
        Assert.True(decoder.TryReadFrames([.. Enumerable.Range(0, decoder.FrameSeconds.Length)], decoder.Width, decoder.Height, rgb));
    }
}
