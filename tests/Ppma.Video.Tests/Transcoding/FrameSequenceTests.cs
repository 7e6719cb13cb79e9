using Ppma.Video.Decoding;
using Ppma.Video.Transcoding;

namespace Ppma.Video.Tests.Transcoding;

public sealed class FrameSequenceTests
{
    private static readonly TranscodeSettings Lossless = new() { Quality = 0, Preset = "superfast" };

    [Theory]
    [InlineData("jpg", "-pix_fmt yuvj420p -q:v 2", "mjpeg", 0)]
    [InlineData("jpg", "-pix_fmt yuvj422p -q:v 2", "mjpeg", 1)]
    [InlineData("jpg", "-pix_fmt yuvj444p -q:v 2", "mjpeg", 1)]
    [InlineData("png", "-pix_fmt rgb24", "png", 1)]
    [InlineData("png", "-pix_fmt rgba", "png", 1)]
    public void Encode_Pictures_HaveTheColoursOfFfmpegsConversion(string extension, string format, string codec, int tolerance)
    {
        byte[][] frames = Pictures(extension, format);

        TranscodedVideo video = Transcodes.Encode(frames, Lossless);

        byte[] expected = [.. new[] { frames[0], frames[4] }.SelectMany(frame => Planes("-i {0} -vf scale=out_range=tv:out_color_matrix=bt601", frame))];
        byte[] actual = Planes("-i {0} -vf select=eq(n\\,0)+eq(n\\,4) -vsync passthrough", video.Mp4);
        Assert.Equal(expected.Length, actual.Length);
        Assert.InRange(expected.Zip(actual, (a, b) => Math.Abs(a - b)).Max(), 0, tolerance);
        Assert.Equal((codec, true, frames.Length, 0), (video.Source.Codec, video.Source.IsFullRange, video.Source.Frames, video.LostFrames));
    }

    [Fact]
    public void Encode_GreyPictures_StayGrey()
    {
        TranscodedVideo video = Transcodes.Encode(Pictures("png", "-pix_fmt gray"), Lossless);

        byte[] planes = Planes("-i {0}", video.Mp4);
        int luma = video.Width * video.Height, chroma = luma / 2;
        for (int frame = 0; frame < video.Frames; frame++)
        {
            Assert.All(planes[((frame * (luma + chroma)) + luma)..((frame + 1) * (luma + chroma))], value => Assert.Equal(128, value));
        }
    }

    [Theory]
    [InlineData(25)]
    [InlineData(12)]
    public void Encode_Always_ShowsTheFramesAtTheRateWithAKeyFrameEverySecond(int frameRate)
    {
        byte[][] frames = [.. Enumerable.Repeat(Pictures("jpg", "-q:v 5"), 8).SelectMany(frames => frames)];

        TranscodedVideo video = Transcodes.Encode(frames, frameRate: frameRate);

        using var decoder = VideoDecoder.Open(video.Mp4);
        Assert.Equal(Enumerable.Range(0, 40).Select(i => i / (double)frameRate), decoder.FrameSeconds.ToArray());
        Assert.Equal(40.0 / frameRate, decoder.DurationSeconds, 1e-9);
        Assert.Equal(Enumerable.Range(0, (39 / frameRate) + 1).Select(i => i * frameRate), new Mp4File(video.Mp4).KeyFrames);
    }

    [Fact]
    public void Encode_SizeThatChanges_NamesTheFrame()
    {
        byte[][] frames = [.. Pictures("jpg", "-q:v 5"), .. Pictures("jpg", "-vf scale=64:64")];

        var e = Assert.Throws<VideoFormatException>(() => Transcodes.Encode(frames));

        Assert.Equal(VideoFormatReason.Unsupported, e.Reason);
        Assert.Contains("frame 5 (img_00005): the picture size changes from 128x96 to 64x64", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("jpg")]
    [InlineData("png")]
    public void Encode_CutPicture_NamesTheFrame(string extension)
    {
        byte[][] frames = Pictures(extension, "");
        frames[3] = frames[3][..(frames[3].Length * 3 / 4)];

        var e = Assert.Throws<VideoFormatException>(() => Transcodes.Encode(frames));

        Assert.True(e.Reason is VideoFormatReason.Truncated or VideoFormatReason.Corrupt, e.Message);
        Assert.Contains("frame 3 (img_00003)", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", VideoFormatReason.Empty)]
    [InlineData("GIF89a and so on", VideoFormatReason.Unsupported)]
    [InlineData("\u00FF\u00D8\u00FF\u00E0 nothing \u00FF\u00D9", VideoFormatReason.Corrupt)]
    public void Encode_OtherFiles_AreRefused(string text, VideoFormatReason reason)
    {
        byte[] file = System.Text.Encoding.Latin1.GetBytes(text);

        Assert.Equal(reason, Assert.Throws<VideoFormatException>(() => Transcodes.Encode([file])).Reason);
    }

    [Fact]
    public void Encode_NoFrames_IsZeroLength()
    {
        Assert.Equal(VideoFormatReason.ZeroLength, Assert.Throws<VideoFormatException>(() => Transcodes.Encode([])).Reason);
    }

    [Fact]
    public void Encode_CancelledOnTheWay_TakesNoFurtherFrame()
    {
        byte[][] frames = Pictures("jpg", "");
        using var cancellation = new CancellationTokenSource();
        int taken = 0;
        IEnumerable<FrameFile> CancelAtThird()
        {
            foreach (byte[] frame in frames)
            {
                if (++taken == 3)
                {
                    cancellation.Cancel();
                }

                yield return new FrameFile("frame", frame);
            }
        }

        Assert.Throws<OperationCanceledException>(
            () => FrameSequence.Encode(CancelAtThird(), Transcodes.Small, cancellationToken: cancellation.Token));

        Assert.Equal(3, taken);
    }

    [Fact]
    public void Encode_LargePictures_AreScaledDown()
    {
        TranscodedVideo video = Transcodes.Encode(Pictures("jpg", "-q:v 5"), Transcodes.Small);

        Assert.Equal((86, 64, 128, 96), (video.Width, video.Height, video.Source.Width, video.Source.Height));
    }

    /// <summary>Five pictures, all different.</summary>
    private static byte[][] Pictures(string extension, string format)
    {
        FfmpegProgram.Require();
        return FfmpegProgram.MakeAll(
            $"frame%d.{extension}", $"-f lavfi -i gradients=size=128x96:rate=25:duration=0.2:seed=3:nb_colors=6:speed=0.2 {format}");
    }

    private static byte[] Planes(string arguments, byte[] file) =>
        FfmpegProgram.Convert("planes.yuv", $"{arguments} -pix_fmt yuv420p -f rawvideo {{out}}", file);
}
