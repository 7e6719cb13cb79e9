using System.Buffers.Binary;
using Ppma.Video.Decoding;
using Ppma.Video.Transcoding;

namespace Ppma.Video.Tests.Transcoding;

/// <summary>Size and colours of re-encoded pictures, compared without loss with what the ffmpeg program makes of the same source.</summary>
public sealed class PictureTests
{
    private const string Gradients = "-f lavfi -i gradients=size=256x192:rate=25:duration=0.4:seed=3:nb_colors=6";
    private const string Lossless = "-c:v libx264 -qp 0";

    [Theory]
    [InlineData(640, 360, 320, 568, 320)]
    [InlineData(360, 640, 320, 320, 568)]
    [InlineData(640, 480, 256, 342, 256)]
    [InlineData(500, 500, 256, 256, 256)]
    [InlineData(258, 512, 256, 256, 508)]
    [InlineData(320, 240, 320, 320, 240)]
    [InlineData(176, 144, 256, 176, 144)]
    [InlineData(99, 75, 256, 98, 74)]
    [InlineData(301, 301, 256, 256, 256)]
    [InlineData(1001, 257, 256, 998, 256)]
    [InlineData(16, 16, 256, 16, 16)]
    [InlineData(3, 2, 256, 2, 2)]
    [InlineData(2, 5, 256, 2, 4)]
    public void Transcode_AnySize_IsEvenAndOnlyEverSmaller(int width, int height, int shortSide, int expectedWidth, int expectedHeight)
    {
        FfmpegProgram.Require();
        string pattern = $"testsrc=size={Math.Max(width, 16)}x{Math.Max(height, 16)}:rate=5:duration=0.4";
        byte[] source = FfmpegProgram.Make("source.mkv", $"-f lavfi -i {pattern} -vf format=yuv444p,crop={width}:{height}:0:0:exact=1 -c:v ffv1");

        TranscodedVideo video = Transcodes.Transcode(source, new TranscodeSettings { ShortSide = shortSide });

        Assert.Equal((width, height), (video.Source.Width, video.Source.Height));
        Assert.Equal((expectedWidth, expectedHeight), (video.Width, video.Height));
        using var decoder = VideoDecoder.Open(video.Mp4);
        using var window = decoder.ReadWindow(0, 1, 2);
        Assert.Equal([2, expectedHeight, expectedWidth, 3], window.Pixels.shape);
    }

    [Fact]
    public void Transcode_OnePixelWide_SaysThatItIsTooSmall()
    {
        FfmpegProgram.Require();
        byte[] source = FfmpegProgram.Make("source.mkv", "-f lavfi -i testsrc2=size=16x16:rate=5:duration=0.4 -vf format=yuv444p,crop=1:16:0:0:exact=1 -c:v ffv1");

        var e = Assert.Throws<VideoFormatException>(() => Transcodes.Transcode(source));

        Assert.Equal(VideoFormatReason.Unsupported, e.Reason);
        Assert.Contains("1x16", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Transcode_SmallUntaggedVideo_LeavesThePicturesAsTheyAre()
    {
        FfmpegProgram.Require();
        byte[] source = FfmpegProgram.Make("source.mp4", $"{Gradients} -pix_fmt yuv420p {Lossless}");

        TranscodedVideo video = TranscodeLosslessly(source);

        AssertSimilar(Planes("-i {0}", source), Planes("-i {0}", video.Mp4), tolerance: 0, meanTolerance: 0);
        Assert.Equal(("smpte170m", false, false), (video.Source.Matrix, video.Source.MatrixIsTagged, video.Source.IsFullRange));
    }

    // The filters named last are FFmpeg's own way to BT.601 of limited range. "colorspace" changes the matrix as we do; "scale" goes
    // through RGB of 8 bits, which costs a step or two.
    [Theory]
    [InlineData("scale=out_color_matrix=bt709,format=yuv420p -colorspace bt709", "colorspace=iall=bt709:all=smpte170m:iprimaries=smpte170m:itrc=smpte170m:dither=none", 3)]
    [InlineData("scale=out_color_matrix=bt709,format=yuv420p -colorspace bt709", "scale=in_color_matrix=bt709:out_color_matrix=bt601:flags=bicubic+accurate_rnd+full_chroma_int+full_chroma_inp", 3)]
    [InlineData("scale=out_color_matrix=bt709:out_range=pc,format=yuvj420p -colorspace bt709 -color_range pc", "scale=in_range=pc:out_range=tv:in_color_matrix=bt709:out_color_matrix=bt601:flags=bicubic+accurate_rnd+full_chroma_int+full_chroma_inp", 3)]
    [InlineData("scale=out_color_matrix=bt2020,format=yuv420p10 -colorspace bt2020nc", "scale=in_color_matrix=bt2020:out_color_matrix=bt601:flags=bicubic+accurate_rnd+full_chroma_int+full_chroma_inp", 3)]
    [InlineData("scale=out_color_matrix=smpte240m,format=yuv422p -colorspace smpte240m", "scale=in_color_matrix=smpte240m:out_color_matrix=bt601:flags=bicubic+accurate_rnd+full_chroma_int+full_chroma_inp", 3)]
    [InlineData("scale=out_color_matrix=bt601:out_range=pc,format=yuvj420p -colorspace smpte170m -color_range pc", "scale=in_range=pc:out_range=tv", 1)]
    [InlineData("scale=out_color_matrix=bt601,format=yuv420p10 -colorspace smpte170m", "scale", 1)]
    [InlineData("scale=out_color_matrix=bt601,format=yuv422p -colorspace smpte170m", "scale", 1)]
    [InlineData("scale=out_color_matrix=bt601,format=yuv444p10 -colorspace smpte170m", "scale", 1)]
    public void Transcode_OtherColours_AreThoseOfFfmpegsConversionToBt601(string source, string filter, int tolerance)
    {
        FfmpegProgram.Require();
        byte[] file = FfmpegProgram.Make("source.mp4", $"{Gradients} -vf {source} {Lossless}");

        TranscodedVideo video = TranscodeLosslessly(file);

        AssertSimilar(Planes($"-i {{0}} -vf {filter}", file), Planes("-i {0}", video.Mp4), tolerance, meanTolerance: 0.75);
        Assert.True(video.Source.MatrixIsTagged);
        Assert.Equal(source.Contains("range=pc", StringComparison.Ordinal), video.Source.IsFullRange);
    }

    [Fact]
    public void Transcode_Bt709_IsReadWithTheColoursOfTheOriginal()
    {
        FfmpegProgram.Require();
        const string Picture = "-f lavfi -i color=c=0x30C050:size=64x64:rate=25:duration=0.2,format=gbrp";
        byte[] bt709 = FfmpegProgram.Make("bt709.mp4", $"{Picture} -vf scale=out_color_matrix=bt709,format=yuv420p -colorspace bt709 {Lossless}");
        byte[] bt601 = FfmpegProgram.Make("bt601.mp4", $"{Picture} -vf scale=out_color_matrix=bt601,format=yuv420p {Lossless}");

        int[] original = FirstPixel(bt601);

        Assert.InRange(LargestDifference(original, FirstPixel(TranscodeLosslessly(bt709).Mp4)), 0, 3);
        Assert.InRange(LargestDifference(original, FirstPixel(bt709)), 15, 255);
    }

    [Theory]
    [InlineData("libx264rgb -qp 0", "gbr")]
    [InlineData("ffv1 -pix_fmt bgr0", "gbr")]
    public void Transcode_Rgb_IsConvertedOnce(string codec, string matrix)
    {
        FfmpegProgram.Require();
        byte[] source = FfmpegProgram.Make("source.mkv", $"{Gradients} -c:v {codec}");

        TranscodedVideo video = TranscodeLosslessly(source);

        AssertSimilar(Planes("-i {0} -vf scale=out_color_matrix=bt601:out_range=tv", source), Planes("-i {0}", video.Mp4), tolerance: 1, meanTolerance: 0.5);
        Assert.Equal(matrix, video.Source.Matrix);
    }

    [Theory]
    [InlineData(1280, 720, "bt709")]
    [InlineData(720, 576, "smpte170m")]
    public void Transcode_UntaggedVideo_IsTakenForWhatPlayersTakeItFor(int width, int height, string matrix)
    {
        FfmpegProgram.Require();
        byte[] source = FfmpegProgram.Make("source.mp4", $"-f lavfi -i testsrc2=size={width}x{height}:rate=5:duration=0.2 -pix_fmt yuv420p -c:v libx264 -preset ultrafast");

        TranscodedVideo video = Transcodes.Transcode(source);

        Assert.Equal((matrix, false), (video.Source.Matrix, video.Source.MatrixIsTagged));
    }

    [Fact]
    public void Transcode_UnknownMatrix_IsRefusedByName()
    {
        FfmpegProgram.Require();
        byte[] source = FfmpegProgram.Make("source.mp4", $"{Gradients} -pix_fmt yuv420p -colorspace ycgco {Lossless}");

        var e = Assert.Throws<VideoFormatException>(() => Transcodes.Transcode(source));

        Assert.Equal(VideoFormatReason.Unsupported, e.Reason);
        Assert.Contains("ycgco", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Transcode_RotatedVideoWithOblongPixels_IgnoresAndRecordsTheRotation()
    {
        FfmpegProgram.Require();
        byte[] plain = FfmpegProgram.Make("source.mp4", $"{Gradients} -pix_fmt yuv420p {Lossless}");
        byte[] turned = FfmpegProgram.Convert("turned.mp4", "-i {0} -c copy -aspect 16:9 {out}", plain);
        TurnClockwise(turned);

        TranscodedVideo video = TranscodeLosslessly(turned);

        Assert.Equal(TranscodeLosslessly(plain).Mp4, video.Mp4);
        Assert.Equal((256, 192), (video.Width, video.Height));
        Assert.Equal(90, video.Source.RotationDegrees);
    }

    private static TranscodedVideo TranscodeLosslessly(byte[] source) =>
        Transcodes.Transcode(source, new TranscodeSettings { ShortSide = 512, Quality = 0, Preset = "superfast" });

    private static int LargestDifference(int[] a, int[] b) => a.Zip(b, (x, y) => Math.Abs(x - y)).Max();

    private static int[] FirstPixel(byte[] file)
    {
        using var decoder = VideoDecoder.Open(file);
        byte[] rgb = new byte[decoder.Width * decoder.Height * 3];
        Assert.True(decoder.TryReadFrames([0], decoder.Width, decoder.Height, rgb));
        return [rgb[0], rgb[1], rgb[2]];
    }

    /// <summary>Writes the matrix of a phone held upright: right becomes down, down becomes left.</summary>
    private static void TurnClockwise(byte[] mp4)
    {
        int matrix = mp4.AsSpan().IndexOf("tkhd"u8) + 4 + 40;
        int[] values = [0, 1 << 16, 0, -(1 << 16), 0, 0, 0, 0, 1 << 30];
        for (int i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteInt32BigEndian(mp4.AsSpan(matrix + (4 * i)), values[i]);
        }
    }

    private static byte[] Planes(string arguments, byte[] file) =>
        FfmpegProgram.Convert("planes.yuv", $"{arguments} -pix_fmt yuv420p -f rawvideo {{out}}", file);

    private static void AssertSimilar(byte[] expected, byte[] actual, int tolerance, double meanTolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        int[] differences = [.. expected.Zip(actual, (a, b) => Math.Abs(a - b))];
        Assert.InRange(differences.Max(), 0, tolerance);
        Assert.InRange(differences.Average(), 0, meanTolerance);
    }
}
