using Ppma.Video.Decoding;

namespace Ppma.Video.Tests.Decoding;

public sealed class VideoDecoderTests
{
    [Fact]
    public void Open_AnEncodedClip_KnowsSizeTimesAndDuration()
    {
        using var decoder = VideoDecoder.Open(MovingBars.Mp4(count: 30, height: 48, width: 64, framesASecond: 10));

        Assert.Equal((48, 64), (decoder.Height, decoder.Width));
        Assert.Equal(3.0, decoder.DurationSeconds, 1e-9);
        Assert.Equal(Enumerable.Range(0, 30).Select(i => i / 10.0), decoder.FrameSeconds.ToArray());
    }

    [Fact]
    public void ReadWindow_OfPartOfTheVideo_SpreadsTheFramesOverThoseShownInIt()
    {
        using var decoder = VideoDecoder.Open(MovingBars.Mp4(count: 30, framesASecond: 10));

        using var window = decoder.ReadWindow(startSeconds: 1.0, lengthSeconds: 1.0, frameCount: 4);

        Assert.Equal(10, window.FramesInWindow);
        Assert.Equal([10, 13, 16, 19], window.Frames);
        Assert.Equal([4, 48, 64, 3], window.Pixels.shape);
    }

    [Fact]
    public void ReadWindow_WithFewerFramesThanAskedFor_RepeatsSome()
    {
        using var decoder = VideoDecoder.Open(MovingBars.Mp4(count: 3, framesASecond: 10));

        using var window = decoder.ReadWindow(0, 2.7, frameCount: 6);

        Assert.Equal([0, 0, 0, 1, 1, 2], window.Frames);
        using var first = window.Pixels[0];
        using var repeated = window.Pixels[2];
        Assert.True(first.bytes.SequenceEqual(repeated.bytes));
    }

    [Fact]
    public void ReadWindow_SeveralFromOneOpen_GivesWhatOneOpenEachGives()
    {
        byte[] file = MovingBars.Mp4(count: 40, framesASecond: 10);
        using var shared = VideoDecoder.Open(file);
        foreach (double start in (double[])[2.1, 0.0, 1.3, 1.3])
        {
            using var own = VideoDecoder.Open(file);
            using var expected = own.ReadWindow(start, 1.5, 8);
            using var window = shared.ReadWindow(start, 1.5, 8);
            Assert.True(expected.Pixels.bytes.SequenceEqual(window.Pixels.bytes));
        }
    }

    [Theory]
    [MemberData(nameof(SampleVideos.Names), MemberType = typeof(SampleVideos))]
    public void TryReadFrames_AnyFrameAlone_HasThePixelsOfDecodingAllInTurn(string name)
    {
        byte[] file = SampleVideos.Read(name);
        using var decoder = VideoDecoder.Open(file);
        int count = decoder.FrameSeconds.Length, frameBytes = decoder.Width * decoder.Height * 3;
        byte[] all = new byte[count * frameBytes];
        Assert.True(decoder.TryReadFrames([.. Enumerable.Range(0, count)], decoder.Width, decoder.Height, all));

        byte[] one = new byte[frameBytes];
        foreach (int frame in Enumerable.Range(0, count).Reverse())
        {
            Assert.True(decoder.TryReadFrames([frame], decoder.Width, decoder.Height, one));
            Assert.True(all.AsSpan(frame * frameBytes, frameBytes).SequenceEqual(one), $"{name}: frame {frame} differs when decoded alone");
        }
    }

    [Fact]
    public void ReadWindow_AtAShortSide_ScalesTheFrames()
    {
        using var decoder = VideoDecoder.Open(MovingBars.Mp4(height: 48, width: 64));

        using var window = decoder.ReadWindow(0, 1, 2, shortSide: 31);

        Assert.Equal([2, 31, 41, 3], window.Pixels.shape);
    }

    [Fact]
    public void TryReadFrames_OddWidth_LeavesTheMemoryBehindAlone()
    {
        using var decoder = VideoDecoder.Open(MovingBars.Mp4(height: 48, width: 64));
        byte[] rgb = new byte[(37 * 29 * 3) + 64];
        rgb.AsSpan(^64..).Fill(0xAB);

        Assert.True(decoder.TryReadFrames([5], width: 37, height: 29, rgb));

        Assert.All(rgb[^64..], value => Assert.Equal(0xAB, value));
        Assert.Contains(rgb[(36 * 3)..(37 * 3)], value => value != 0);
    }

    [Fact]
    public void ReadWindow_OfClipWithKeyFrames_SendsOnlyThePacketsFromTheLastKeyFrame()
    {
        using var decoder = VideoDecoder.Open(MovingBars.Mp4(count: 100, framesASecond: 10, keyFrameInterval: 10));

        using var window = decoder.ReadWindow(startSeconds: 5.2, lengthSeconds: 0.5, frameCount: 2);

        Assert.Equal([52, 56], window.Frames);
        Assert.Equal(7, decoder.PacketsSent);
    }

    [Fact]
    public void ReadWindow_WhereNothingIsShown_SaysHowLongTheVideoIs()
    {
        using var decoder = VideoDecoder.Open(MovingBars.Mp4(count: 30, framesASecond: 10));

        var e = Assert.Throws<VideoFormatException>(() => decoder.ReadWindow(99, 2.7, 16));

        Assert.Equal(VideoFormatReason.ZeroLength, e.Reason);
        Assert.Contains("it lasts 3 s", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TryReadFrames_IntoTooLittleMemory_SaysHowMuchIsNeeded()
    {
        using var decoder = VideoDecoder.Open(MovingBars.Mp4());

        var e = Assert.Throws<ArgumentException>(() => decoder.TryReadFrames([0], 64, 48, new byte[64]));

        Assert.Contains("9216 bytes", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TryReadFrames_AfterDispose_Throws()
    {
        var decoder = VideoDecoder.Open(MovingBars.Mp4());
        decoder.Dispose();

        Assert.Throws<ObjectDisposedException>(() => decoder.TryReadFrames([0], 64, 48, new byte[9216]));
    }
}
