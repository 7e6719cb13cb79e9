using System.Text;
using System.Text.Json.Nodes;
using Ppma.Datasets.Indexing;
using Ppma.Datasets.Packing;
using Ppma.Datasets.Packing.Sources;
using Ppma.Datasets.Reading;
using Ppma.Datasets.Stores;
using Ppma.Datasets.Tests.Packing.Sources;

namespace Ppma.Datasets.Tests.Packing;

public sealed class DatasetPackerTests : IDisposable
{
    private const int Videos = 40;

    private readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;
    private readonly TempFolder _out = new();
    private readonly SourceTree _tree = new(
        [.. Enumerable.Range(0, Videos).Select(i => $"{(i % 4 == 0 ? "test" : "train")}/{(i % 2 == 0 ? "wave" : "clap")}/v {i}.mp4")]);

    public void Dispose()
    {
        _out.Dispose();
        _tree.Dispose();
    }

    [Fact]
    public async Task Pack_Folder_IsReadBackWithSourceAndClass()
    {
        PackResult result = await PackAsync("set");

        Assert.True(result.Written);
        Assert.True(result.Index.Shards.Count > 4);
        Assert.Null(result.DamagedFile);
        var train = await Dataset.OpenAsync(BlobStore.Open(_out["set"]), "train", new DatasetOptions { ExpectedDigest = result.Digest }, _cancellation);
        Assert.Equal(30, train.Count);
        for (int i = 0; i < train.Count; i++)
        {
            SampleRef sample = await train.GetAsync(i, _cancellation);
            Assert.Equal($"train-{i:D8}", sample.Record.Key);
            JsonNode json = JsonNode.Parse(await train.ReadMetadataAsync(sample, _cancellation))!;
            using var video = await train.ReadVideoAsync(sample, _cancellation);
            string source = (string)json["source"]!;
            Assert.Equal(source, Encoding.UTF8.GetString(video.Memory.Span));
            Assert.Equal(source.Split('/')[1], (string)json["class"]!);
            Assert.Equal(source.Length, (int)json["frames"]!);
        }

        JsonObject provenance = result.Index.Provenance;
        Assert.Equal(("ppma dataset pack", "copied", 40, 0), (
            (string)provenance["tool"]!, (string)provenance["encoding"]!["deviation"]!, (int)provenance["sources"]!, (int)provenance["damaged"]!));
        await DatasetVerifier.VerifyAsync(BlobStore.Open(_out["set"]), result.Digest, readShards: true, cancellationToken: _cancellation);
    }

    [Fact]
    public async Task Pack_AnyThreads_GivesTheSameBytes()
    {
        PackResult one = await PackAsync("one", request => request with { Threads = 1 });
        var encoder = new CopyOfFiles(source => Thread.Sleep(source.RelativePath.Length % 3));
        PackResult eight = await PackAsync("eight", request => request with { Threads = 8, Encoder = encoder });

        Assert.Equal(one.Digest, eight.Digest);
        Assert.Equal(Files("one"), Files("eight"));
        Assert.InRange(encoder.MostAtOnce, 2, 8);
    }

    [Fact]
    public async Task Pack_CopiedSources_HaveTheSameDigest()
    {
        PackResult first = await PackAsync("first");
        using var copy = new SourceTree();
        foreach (string file in Directory.EnumerateFiles(_tree.Path, "*", SearchOption.AllDirectories))
        {
            string name = Path.GetRelativePath(_tree.Path, file);
            File.SetLastWriteTimeUtc(copy.Add(name), DateTime.UnixEpoch);
        }

        PackResult second = await PackAsync("second", request => request with { Sources = FolderSources.Find(copy.Path) });

        Assert.Equal(first.Digest, second.Digest);
    }

    [Fact]
    public async Task Pack_Again_ChangesNothing()
    {
        PackResult first = await PackAsync("set");
        var encoder = new CopyOfFiles();

        PackResult second = await PackAsync("set", request => request with { Encoder = encoder });

        Assert.Equal((false, first.Digest), (second.Written, second.Digest));
        Assert.Empty(encoder.Encoded);
        var other = await Assert.ThrowsAsync<DatasetWriteException>(() => PackAsync("set", request => request with { Name = "other" }));
        Assert.Contains("a complete data set is here already", other.Message, StringComparison.Ordinal);
        Assert.True((await PackAsync("set", request => request with { Name = "other", Overwrite = true })).Written);
    }

    /// <summary>Stops after every number of encoded samples, as Ctrl-C and errors do; killed processes are tested with the program.</summary>
    [Fact]
    public async Task Pack_InterruptedAnywhere_GoesOnAndGivesTheSameBytes()
    {
        PackResult clean = await PackAsync("clean");
        for (int after = 1; after < Videos; after += 3)
        {
            string name = $"interrupted-{after}";
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(_cancellation);
            int begun = 0;
            var encoder = new CopyOfFiles(_ =>
            {
                if (Interlocked.Increment(ref begun) > after)
                {
                    stop.Cancel();
                }
            });
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => PackAsync(name, request => request with { Encoder = encoder, Threads = 3 }, cancellation: stop.Token));
            Assert.False(File.Exists(_out[$"{name}/index.json"]));

            var reports = new Reports();
            PackResult resumed = await PackAsync(name, progress: reports);

            Assert.Equal(PackingStart.Continued, reports.All[0].Start);
            Assert.Equal(Videos, reports.All[^1].Kept + reports.All[^1].Done);
            Assert.Equal(clean.Digest, resumed.Digest);
            Assert.Equal(Files("clean"), Files(name));
        }
    }

    [Fact]
    public async Task Pack_SourceWrittenAgainAfterInterruption_BeginsAnew()
    {
        await InterruptAsync("set", after: 30);
        File.SetLastWriteTimeUtc(_tree["test/wave/v 0.mp4"], DateTime.UnixEpoch);
        var reports = new Reports();

        await PackAsync("set", progress: reports);

        Assert.Equal((PackingStart.Replaced, 0), (reports.All[0].Start, reports.All[0].Kept));
    }

    [Fact]
    public async Task Pack_DamagedSource_EndsByName()
    {
        string damaged = _tree.Add("train/wave/v 2.mp4", "damaged");

        var refused = await Assert.ThrowsAsync<DamagedSourceException>(() => PackAsync("set"));

        Assert.Equal($"{damaged}: it holds no video. Repair or remove it, or leave out up to N such samples (--accept-damaged N).", refused.Message);
        Assert.False(File.Exists(_out["set/index.json"]));
    }

    [Theory]
    [InlineData("2")]
    [InlineData("5%")]
    [InlineData("0.05")]
    public async Task Pack_DamageAccepted_IsLeftOutCountedAndListed(string accepted)
    {
        _tree.Add("train/wave/v 2.mp4", "damaged");
        _tree.Add("train/clap/v 5.mp4", "damaged");
        Assert.True(DamageLimit.TryParse(accepted, out DamageLimit limit));
        PackRequest Accepting(PackRequest request) => request with { AcceptDamaged = limit };

        PackResult result = await PackAsync("set", Accepting);

        Assert.Equal(38, result.Index.Samples);
        Assert.Equal(2, (int)result.Index.Provenance["damaged"]!);
        Assert.Equal(_out["set.damaged.jsonl"], result.DamagedFile);
        JsonNode[] lines = [.. File.ReadLines(result.DamagedFile!).Select(line => JsonNode.Parse(line)!)];
        Assert.Equal(["train/clap/v 5.mp4", "train/wave/v 2.mp4"], lines.Select(line => (string)line["source"]!).Order());
        Assert.All(lines, line => Assert.Equal("it holds no video.", (string)line["problem"]!));
        Assert.False((await PackAsync("set", Accepting)).Written);
        await InterruptAsync("again", after: 39, Accepting);
        Assert.Equal(result.Digest, (await PackAsync("again", Accepting)).Digest);
    }

    [Fact]
    public async Task Pack_MoreDamageThanAccepted_SaysHowMuch()
    {
        _tree.Add("train/wave/v 2.mp4", "damaged");
        _tree.Add("train/clap/v 5.mp4", "damaged");
        Assert.True(DamageLimit.TryParse("1", out DamageLimit limit));

        var refused = await Assert.ThrowsAsync<DamagedSourceException>(() => PackAsync("set", request => request with { AcceptDamaged = limit }));

        Assert.EndsWith("It is damaged sample number 2, but 1 are accepted (--accept-damaged).", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1.5")]
    [InlineData("-1")]
    [InlineData("101%")]
    [InlineData("few")]
    public void TryParse_NoNumberAndNoShare_IsFalse(string text) => Assert.False(DamageLimit.TryParse(text, out _));

    [Fact]
    public async Task Pack_SourceTheEncoderDoesNotTake_IsNamedBeforeAnythingIsWritten()
    {
        _tree.Add("train/wave/a.mpg");

        var refused = await Assert.ThrowsAsync<SourceProblemsException>(() => PackAsync("set"));

        Assert.Contains("train/wave/a.mpg: mpg is not copied", refused.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_out["set"]));
    }

    [Fact]
    public async Task Pack_SourceGone_IsAnErrorAndNoDamage()
    {
        SourceSet sources = FolderSources.Find(_tree.Path);
        File.Delete(_tree["train/wave/v 2.mp4"]);
        Assert.True(DamageLimit.TryParse("10", out DamageLimit limit));

        await Assert.ThrowsAsync<FileNotFoundException>(() => PackAsync("set", request => request with { Sources = sources, AcceptDamaged = limit }));
    }

    private async Task InterruptAsync(string name, int after, Func<PackRequest, PackRequest>? change = null)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(_cancellation);
        int begun = 0;
        var encoder = new CopyOfFiles(_ =>
        {
            if (Interlocked.Increment(ref begun) > after)
            {
                stop.Cancel();
            }
        });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            PackAsync(name, request => (change?.Invoke(request) ?? request) with { Encoder = encoder }, cancellation: stop.Token));
    }

    private Task<PackResult> PackAsync(
        string name, Func<PackRequest, PackRequest>? change = null, IProgress<PackProgress>? progress = null, CancellationToken? cancellation = null)
    {
        var request = new PackRequest
        {
            Sources = FolderSources.Find(_tree.Path),
            Encoder = new CopyOfFiles(),
            Target = BlobStore.Open(_out[name]),
            Name = "tiny",
            Humans = HumanPresence.Synthetic,
            Licence = "CC0-1.0",
            ShardBytes = 12_000,
            Threads = 2,
        };
        return DatasetPacker.PackAsync(change?.Invoke(request) ?? request, progress, cancellation ?? _cancellation);
    }

    private Dictionary<string, string> Files(string name) => Directory.EnumerateFileSystemEntries(_out[name])
        .ToDictionary(path => Path.GetFileName(path), path => Convert.ToHexString(File.ReadAllBytes(path)));
}
