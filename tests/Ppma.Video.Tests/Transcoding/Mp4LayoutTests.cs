using Ppma.Video.Transcoding;

namespace Ppma.Video.Tests.Transcoding;

/// <summary>What a re-encoded file is made of, by its boxes and by what ffprobe says.</summary>
public sealed class Mp4LayoutTests
{
    private const string WithSound =
        "-f lavfi -i testsrc2=size=128x96:rate=25:duration=2 -f lavfi -i sine=duration=2 -c:v libx264 -bf 3 -c:a aac";

    [Fact]
    public void Transcode_VideoWithSound_HasTheIndexInFrontNoEditListAndNoSound()
    {
        FfmpegProgram.Require();
        byte[] source = FfmpegProgram.Make("source.mp4", WithSound);
        var before = new Mp4File(source);
        Assert.Contains("edts", before.Boxes);
        Assert.Equal(["vide", "soun"], before.Tracks);

        var after = new Mp4File(Transcodes.Transcode(source).Mp4);

        Assert.Equal(["vide"], after.Tracks);
        Assert.DoesNotContain("edts", after.Boxes);
        List<string> boxes = [.. after.Boxes];
        Assert.InRange(boxes.IndexOf("moov"), 0, boxes.IndexOf("mdat"));
    }

    [Fact]
    public void Transcode_VideoWithBFrames_HasNone()
    {
        FfmpegProgram.Require();
        byte[] source = FfmpegProgram.Make("source.mp4", WithSound);
        Assert.Contains("B", PictureTypes(source));

        byte[] file = Transcodes.Transcode(source).Mp4;

        Assert.Equal(["I", "P"], PictureTypes(file));
        Assert.Equal("0", FfmpegProgram.Probe(file, "stream=has_b_frames")[0]);
    }

    [Fact]
    public void Transcode_TenBitVideo_IsTaggedAsWhatItIs()
    {
        FfmpegProgram.Require();
        byte[] source = FfmpegProgram.Make(
            "source.mp4",
            "-f lavfi -i testsrc2=size=128x96:rate=25:duration=1 -vf scale=out_color_matrix=bt709,format=yuv422p10 -colorspace bt709 -c:v libx264");

        string[] tags = FfmpegProgram.Probe(Transcodes.Transcode(source).Mp4, "stream=codec_name,pix_fmt,color_range,color_space");

        Assert.Equal("h264,yuv420p,tv,smpte170m", tags[0]);
    }

    [Fact]
    public void Transcode_Twice_GivesTheSameBytes()
    {
        byte[] source = SampleVideos.Read("h264-bframes.mp4");

        Assert.Equal(Transcodes.Transcode(source).Mp4, Transcodes.Transcode(source).Mp4);
    }

    [Fact]
    public async Task Transcode_OnSeveralThreads_GivesTheSameBytes()
    {
        byte[] source = SampleVideos.Read("mpeg4.avi");
        byte[] expected = Transcodes.Transcode(source).Mp4;

        TranscodedVideo[] videos = await Task.WhenAll(
            Enumerable.Range(0, 4).Select(_ => Task.Run(() => Transcodes.Transcode(source), TestContext.Current.CancellationToken)));

        Assert.All(videos, video => Assert.Equal(expected, video.Mp4));
    }

    [Fact]
    public void Transcode_FileOnDisk_GivesTheBytesOfTheFileInMemory()
    {
        byte[] source = SampleVideos.Read("vp9-vfr.webm");
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("source.webm"), source);

        TranscodedVideo video = VideoTranscoder.Transcode(folder.File("source.webm"), Transcodes.Small, TestContext.Current.CancellationToken);

        Assert.Equal(Transcodes.Transcode(source).Mp4, video.Mp4);
    }

    [Fact]
    public void Transcode_BetterQuality_GivesMoreBytes()
    {
        byte[] source = SampleVideos.Read("h264-bframes.mp4");

        int good = Transcodes.Transcode(source, Transcodes.Small with { Quality = 12 }).Mp4.Length;

        Assert.InRange(Transcodes.Transcode(source, Transcodes.Small with { Quality = 35 }).Mp4.Length, 1, good / 2);
    }

    private static string[] PictureTypes(byte[] file) => [.. FfmpegProgram.Probe(file, "frame=pict_type").Select(line => line[..1]).Distinct().Order()];
}
