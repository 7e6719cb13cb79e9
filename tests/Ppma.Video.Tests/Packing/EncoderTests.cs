using System.Text.Json.Nodes;
using Ppma.Datasets.Indexing;
using Ppma.Datasets.Packing;
using Ppma.Datasets.Packing.Sources;
using Ppma.Datasets.Reading;
using Ppma.Datasets.Stores;
using Ppma.Video.Decoding;
using Ppma.Video.Packing;
using Ppma.Video.Tests.Transcoding;
using Ppma.Video.Transcoding;

namespace Ppma.Video.Tests.Packing;

public sealed class EncoderTests : IDisposable
{
    private readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;
    private readonly TemporaryFolder _folder = new();
    private readonly TranscodingEncoder _transcoding = new(new TranscodeSettings { ShortSide = 32 });

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Copy_Video_KeepsTheBytesAndSaysWhatItIs()
    {
        byte[] bytes = MovingBars.Mp4();
        Write("wave/a.MP4", bytes);

        EncodedSample sample = new CopyingEncoder().Encode(Source(), _cancellation);

        Assert.Equal(bytes, sample.Video.ToArray());
        Assert.Equal("mp4", sample.Extension);
        Assert.Equal("""{"frames":30,"durationSeconds":3,"width":64,"height":48}""", sample.Facts.ToJsonString());
    }

    [Fact]
    public void Copy_FramesOrOtherContainers_IsRefusedInAdvance()
    {
        Write("wave/a/1.jpg", [1]);
        Write("wave/b.mpg", [1]);

        Assert.All(FolderSources.Find(_folder.Path, "train").Sources, source => Assert.Contains("without --copy", new CopyingEncoder().ProblemOf(source), StringComparison.Ordinal));
    }

    [Fact]
    public void Transcode_Video_IsSmallerWithEveryFrameAtItsTime()
    {
        byte[] bytes = MovingBars.Mp4();
        Write("wave/a.mp4", bytes);

        EncodedSample sample = _transcoding.Encode(Source(), _cancellation);

        using VideoDecoder before = VideoDecoder.Open(bytes);
        using VideoDecoder after = VideoDecoder.Open(sample.Video.Span);
        Assert.Equal((42, 32), (after.Width, after.Height));
        Assert.Equal(before.FrameSeconds.ToArray(), after.FrameSeconds.ToArray(), (a, b) => Math.Abs(a - b) < 1e-6);
        Assert.Equal(
            """{"frames":30,"durationSeconds":3,"width":42,"height":32,"sourceKind":"video","sourceCodec":"h264","sourceWidth":64,"sourceHeight":48,"sourceMatrix":"smpte170m"}""",
            sample.Facts.ToJsonString());
    }

    [Theory]
    [InlineData("jpg", "mjpeg")]
    [InlineData("png", "png")]
    public void Transcode_Frames_AreReadInNaturalOrderAt25ASecond(string extension, string codec)
    {
        FfmpegProgram.Require();
        MakeFrames("wave/clip", extension, frames: 12);

        EncodedSample sample = _transcoding.Encode(Source(), _cancellation);

        using VideoDecoder video = VideoDecoder.Open(sample.Video.Span);
        Assert.Equal(Enumerable.Range(0, 12).Select(i => i / 25.0), video.FrameSeconds.ToArray(), (a, b) => Math.Abs(a - b) < 1e-6);
        Assert.Equal(("frames", codec, 12), ((string)sample.Facts["sourceKind"]!, (string)sample.Facts["sourceCodec"]!, (int)sample.Facts["frames"]!));

        // Frame i is grey of brightness 20 i.
        byte[] rgb = new byte[12 * video.Width * video.Height * 3];
        Assert.True(video.TryReadFrames([.. Enumerable.Range(0, 12)], video.Width, video.Height, rgb));
        int frameBytes = rgb.Length / 12;
        Assert.All(Enumerable.Range(0, 12), i => Assert.InRange(rgb[i * frameBytes], (20 * i) - 6, (20 * i) + 6));
    }

    [Theory]
    [InlineData("wave/a.mp4")]
    [InlineData("wave/clip/1.jpg")]
    public void Transcode_Garbage_IsADamagedSourceByName(string file)
    {
        Write(file, [1, 2, 3, 4]);
        PackSource source = Source();

        var damaged = Assert.Throws<DamagedSourceException>(() => _transcoding.Encode(source, _cancellation));

        Assert.StartsWith($"{source.FullPath}: ", damaged.Message, StringComparison.Ordinal);
        Assert.Contains("--accept-damaged", damaged.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Copy_Garbage_IsADamagedSource()
    {
        Write("wave/a.mp4", [1, 2, 3, 4]);

        Assert.Throws<DamagedSourceException>(() => new CopyingEncoder().Encode(Source(), _cancellation));
    }

    [Fact]
    public async Task Pack_VideosAndFrames_GiveOneDataSetThatIsTheSameEachTime()
    {
        FfmpegProgram.Require();
        Write("train/wave/a.mp4", MovingBars.Mp4());
        Write("train/wave/b.avi", SampleVideos.Read("mpeg4.avi"));
        Write("train/clap/c.webm", SampleVideos.Read("vp9-vfr.webm"));
        MakeFrames("train/clap/d", "jpg", frames: 8);
        SourceSet sources = FolderSources.Find(_folder.Path);
        using var output = new TemporaryFolder();

        PackResult first = await PackAsync(sources, output.File("first"), threads: 1);
        PackResult second = await PackAsync(sources, output.File("second"), threads: 4);

        Assert.Equal(first.Digest, second.Digest);
        JsonNode encoding = first.Index.Provenance["encoding"]!;
        Assert.Equal("re-encoded, short side 32, BT.601, key frame each second", (string)encoding["deviation"]!);
        Assert.Equal(Ffmpeg.Version, (string)encoding["ffmpeg"]!);
        Dataset dataset = await Dataset.OpenAsync(BlobStore.Open(output.File("first")), "train", cancellationToken: _cancellation);
        for (int i = 0; i < 4; i++)
        {
            using var bytes = await dataset.ReadVideoAsync(await dataset.GetAsync(i, _cancellation), _cancellation);
            using VideoDecoder video = VideoDecoder.Open(bytes.Memory.Span);
            Assert.Equal(32, Math.Min(video.Height, video.Width));
        }
    }

    private Task<PackResult> PackAsync(SourceSet sources, string folder, int threads) => DatasetPacker.PackAsync(
        new PackRequest
        {
            Sources = sources,
            Encoder = _transcoding,
            Target = BlobStore.Open(folder),
            Name = "tiny",
            Humans = HumanPresence.Synthetic,
            Licence = "CC0-1.0",
            Threads = threads,
        },
        cancellationToken: _cancellation);

    private PackSource Source() => FolderSources.Find(_folder.Path, "train").Sources.Single();

    private void Write(string name, byte[] bytes)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder.File(name))!);
        File.WriteAllBytes(_folder.File(name), bytes);
    }

    private void MakeFrames(string folder, string extension, int frames)
    {
        for (int i = 0; i < frames; i++)
        {
            Write(
                $"{folder}/frame{i}.{extension}",
                FfmpegProgram.Make($"frame.{extension}", $"-f lavfi -i color=0x{20 * i:x2}{20 * i:x2}{20 * i:x2}:s=64x48 -frames:v 1"));
        }
    }
}
