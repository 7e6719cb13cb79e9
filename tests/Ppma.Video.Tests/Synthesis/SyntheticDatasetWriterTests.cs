using Ppma.Datasets.Indexing;
using Ppma.Datasets.Packing;
using Ppma.Datasets.Reading;
using Ppma.Datasets.Stores;
using Ppma.Video.Decoding;
using Ppma.Video.Synthesis;

namespace Ppma.Video.Tests.Synthesis;

public sealed class SyntheticDatasetWriterTests : IDisposable
{
    private static readonly SynthesisPlan Plan = new() { Set = SyntheticSet.Actions, Seed = 1, TrainClips = 20, TestClips = 9 };

    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"ppma-synthesis-{Guid.NewGuid():N}");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string IndexPath => Path.Combine(_folder, DatasetIndex.FileName);

    public void Dispose()
    {
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    [Fact]
    public async Task WriteAsync_Plan_PacksBalancedSplitsThatVerify()
    {
        (_, bool written) = await SyntheticDatasetWriter.WriteAsync(_folder, Plan, cancellationToken: Token);
        (DatasetIndex index, _) = await DatasetVerifier.VerifyAsync(BlobStore.Open(_folder), readShards: true, cancellationToken: Token);
        Dataset train = await Dataset.OpenAsync(BlobStore.Open(_folder), "train", cancellationToken: Token);
        Dataset test = await Dataset.OpenAsync(BlobStore.Open(_folder), "test", cancellationToken: Token);

        Assert.True(written);
        Assert.Equal(HumanPresence.Synthetic, index.Humans);
        Assert.Equal("CC0-1.0", index.Licence);
        Assert.Equal(20, train.Count);
        Assert.Equal(9, test.Count);
        for (int i = 0; i < 20; i++)
        {
            Assert.Equal(i % 8, (await train.GetAsync(i, Token)).Record.Label);
        }
    }

    [Theory]
    [InlineData(SyntheticSet.Context, 34)]
    [InlineData(SyntheticSet.Synthetic, 34)]
    [InlineData(SyntheticSet.Actions, 28)]
    public async Task WriteAsync_Clips_DecodeToWhatWasRendered(SyntheticSet set, double leastDecibels)
    {
        await SyntheticDatasetWriter.WriteAsync(_folder, Plan with { Set = set }, cancellationToken: Token);
        Dataset train = await Dataset.OpenAsync(BlobStore.Open(_folder), "train", cancellationToken: Token);
        byte[] rendered = new byte[ClipRenderer.ClipBytes];
        byte[] decoded = new byte[ClipRenderer.ClipBytes];
        double squares = 0;
        for (int index = 0; index < train.Count; index++)
        {
            ClipRenderer.Render(Plan.Seed, set, SyntheticSplit.Train, index, rendered);
            using var file = await train.ReadVideoAsync(await train.GetAsync(index, Token), Token);
            using VideoDecoder decoder = VideoDecoder.Open(file.Memory.Span);
            Assert.Equal(1.2, decoder.DurationSeconds, 1e-6);
            Assert.True(decoder.TryReadFrames([.. Enumerable.Range(0, ClipRenderer.Frames)], ClipRenderer.Size, ClipRenderer.Size, decoded));
            squares += rendered.Zip(decoded, (a, b) => (double)(a - b) * (a - b)).Average();
        }

        double decibels = 10 * Math.Log10(255 * 255 / (squares / train.Count));
        Assert.True(decibels >= leastDecibels, $"{decibels:F1} dB");
    }

    [Fact]
    public async Task WriteAsync_SamePlanAgain_ChangesNothing()
    {
        await SyntheticDatasetWriter.WriteAsync(_folder, Plan, cancellationToken: Token);
        DateTime[] before = [.. Directory.EnumerateFiles(_folder).Select(File.GetLastWriteTimeUtc)];
        (_, bool written) = await SyntheticDatasetWriter.WriteAsync(_folder, Plan, cancellationToken: Token);

        Assert.False(written);
        Assert.Equal(before, Directory.EnumerateFiles(_folder).Select(File.GetLastWriteTimeUtc));
    }

    [Fact]
    public async Task WriteAsync_SamePlanElsewhere_GivesTheSameIndex()
    {
        await SyntheticDatasetWriter.WriteAsync(_folder, Plan, cancellationToken: Token);
        byte[] first = await File.ReadAllBytesAsync(IndexPath, Token);
        await SyntheticDatasetWriter.WriteAsync(_folder, Plan, overwrite: true, cancellationToken: Token);

        Assert.Equal(first, await File.ReadAllBytesAsync(IndexPath, Token));
    }

    [Fact]
    public async Task WriteAsync_OtherSeedInTheFolder_SaysSoAndKeepsTheData()
    {
        await SyntheticDatasetWriter.WriteAsync(_folder, Plan, cancellationToken: Token);
        byte[] before = await File.ReadAllBytesAsync(IndexPath, Token);
        DatasetWriteException failure = await Assert.ThrowsAsync<DatasetWriteException>(() =>
            SyntheticDatasetWriter.WriteAsync(_folder, Plan with { Seed = 2 }, cancellationToken: Token));

        Assert.Contains("seed", failure.Message, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllBytesAsync(IndexPath, Token));
    }

    [Fact]
    public async Task WriteAsync_Cancelled_LeavesNothingThatIsTrusted()
    {
        using var source = CancellationTokenSource.CreateLinkedTokenSource(Token);
        SynthesisPlan plan = Plan with { TrainClips = 400 };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            SyntheticDatasetWriter.WriteAsync(_folder, plan, progress: new CancelAtOnce(source), cancellationToken: source.Token));

        Assert.False(File.Exists(IndexPath));
        (_, bool written) = await SyntheticDatasetWriter.WriteAsync(_folder, Plan, cancellationToken: Token);
        Assert.True(written);
    }

    private sealed class CancelAtOnce(CancellationTokenSource source) : IProgress<int>
    {
        public void Report(int value) => source.Cancel();
    }
}
