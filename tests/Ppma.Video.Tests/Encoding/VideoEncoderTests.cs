using Ppma.Video.Decoding;
using Ppma.Video.Encoding;

namespace Ppma.Video.Tests.Encoding;

public sealed class VideoEncoderTests
{
    [Fact]
    public void Encode_ThenDecode_GivesTheFramesBackNearly()
    {
        byte[] frames = MovingBars.Frames(12, 64, 64);
        byte[] file = VideoEncoder.Encode(frames, new EncoderSettings { Height = 64, Width = 64, FrameRate = 12, Quality = 4 });

        using var decoder = VideoDecoder.Open(file);
        byte[] decoded = new byte[frames.Length];
        Assert.True(decoder.TryReadFrames([.. Enumerable.Range(0, 12)], 64, 64, decoded));

        double meanDifference = frames.Zip(decoded, (a, b) => Math.Abs(a - b)).Average();
        Assert.InRange(meanDifference, 0, 6);
    }

    [Fact]
    public void Encode_Twice_GivesTheSameBytes()
    {
        Assert.Equal(MovingBars.Mp4(), MovingBars.Mp4());
    }

    [Fact]
    public void Encode_Always_PutsTheIndexInFrontAndWritesNoEditList()
    {
        string file = System.Text.Encoding.Latin1.GetString(MovingBars.Mp4());

        Assert.InRange(file.IndexOf("moov", StringComparison.Ordinal), 0, file.IndexOf("mdat", StringComparison.Ordinal));
        Assert.DoesNotContain("elst", file, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(24, 1, 12)]
    [InlineData(30000, 1001, 20)]
    public void Encode_AnyRate_KeepsTimesAndDuration(int rate, int divisor, int count)
    {
        byte[] file = VideoEncoder.Encode(
            MovingBars.Frames(count, 32, 48),
            new EncoderSettings { Height = 32, Width = 48, FrameRate = rate, FrameRateDivisor = divisor });

        using var decoder = VideoDecoder.Open(file);

        Assert.Equal(count * (double)divisor / rate, decoder.DurationSeconds, 1e-4);
        for (int i = 0; i < count; i++)
        {
            Assert.Equal(i * (double)divisor / rate, decoder.FrameSeconds[i], 1e-4);
        }
    }

    [Fact]
    public void Encode_LessVideoThanIndex_GivesAWholeFile()
    {
        byte[] file = VideoEncoder.Encode(MovingBars.Frames(2, 2, 2), new EncoderSettings { Height = 2, Width = 2, FrameRate = 12 });

        using var decoder = VideoDecoder.Open(file);
        byte[] decoded = new byte[2 * 2 * 2 * 3];
        Assert.True(decoder.TryReadFrames([0, 1], 2, 2, decoded));
    }

    [Fact]
    public void Encode_OddWidth_SaysThatItMustBeEven()
    {
        var e = Assert.Throws<ArgumentException>(
            () => VideoEncoder.Encode(new byte[33 * 32 * 3], new EncoderSettings { Height = 32, Width = 33, FrameRate = 10, KeyFrameInterval = 1 }));
        Assert.Contains("33x32", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Encode_KeyFramesRarerThanASecond_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => MovingBars.Mp4(framesASecond: 10, keyFrameInterval: 11));
    }

    [Fact]
    public void Encode_HalfAFrame_IsRefused()
    {
        Assert.Throws<ArgumentException>(
            () => VideoEncoder.Encode(new byte[100], new EncoderSettings { Height = 32, Width = 32, FrameRate = 12 }));
    }

    [Fact]
    public void Encode_UnknownPreset_SaysWhichPreset()
    {
        var e = Assert.Throws<InvalidOperationException>(
            () => VideoEncoder.Encode(
                MovingBars.Frames(1, 32, 32), new EncoderSettings { Height = 32, Width = 32, FrameRate = 12, Preset = "warp" }));
        Assert.Contains("warp", e.Message, StringComparison.Ordinal);
    }
}
