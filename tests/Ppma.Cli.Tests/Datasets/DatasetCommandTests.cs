using System.CommandLine;
using System.Text.Json.Nodes;
using Ppma.Cli.Datasets;
using Ppma.Datasets.Indexing;
using Ppma.Datasets.Packing;

namespace Ppma.Cli.Tests.Datasets;

public sealed class DatasetCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ppma-cli-").FullName;

    public DatasetCommandTests()
    {
        var description = new DatasetDescription
        {
            Name = "tiny", Humans = HumanPresence.Synthetic, Licence = "CC0-1.0", Classes = ["wave", "clap"],
        };
        using var writer = DatasetWriter.Create(_folder, description);
        writer.Add("train", "a", [1, 2, 3], 0, new JsonObject { ["source"] = "x.mp4" });
        writer.Add("train", "b", [4, 5], 1);
        writer.Add("test", "c", [6], 1);
        writer.Complete();
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Ls_Dataset_SaysWhatItIs()
    {
        (int code, string output, _) = await RunAsync("ls", _folder);

        Assert.Equal(0, code);
        Assert.Contains("humans    Synthetic", output, StringComparison.Ordinal);
        Assert.Contains("classes   2: wave, clap", output, StringComparison.Ordinal);
        Assert.Contains("split     train: 2 samples, 1 shards, 5,120 bytes", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ls_Samples_ListsOneALine()
    {
        (int code, string output, _) = await RunAsync("ls", _folder, "--samples");

        Assert.Equal(0, code);
        Assert.Equal(
            "test\tc\tclap\t1\ttest-000000.tar\ntrain\ta\twave\t3\ttrain-000000.tar\ntrain\tb\tclap\t2\ttrain-000000.tar\n", output);
    }

    [Fact]
    public async Task Verify_ChangedByte_EndsWith65WhenShardsAreRead()
    {
        string shard = Path.Combine(_folder, "train-000000.tar");
        byte[] bytes = File.ReadAllBytes(shard);
        bytes[512] ^= 1;
        File.WriteAllBytes(shard, bytes);

        Assert.Equal(0, (await RunAsync("verify", _folder)).Code);
        (int code, _, string error) = await RunAsync("verify", _folder, "--read-shards");
        Assert.Equal(65, code);
        Assert.StartsWith($"ppma: {shard}: the file's SHA-256 is ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_OtherDigest_EndsWith65() =>
        Assert.Equal(65, (await RunAsync("verify", _folder, "--digest", new string('0', 64))).Code);

    [Fact]
    public async Task Verify_TruncatedShardOrNoDataset_EndsWith1()
    {
        Assert.Equal(1, (await RunAsync("verify", Path.Combine(_folder, "none"))).Code);
        File.WriteAllBytes(Path.Combine(_folder, "test-000000.tar"), [0]);
        (int code, _, string error) = await RunAsync("verify", _folder);
        Assert.Equal(1, code);
        Assert.Contains("the shard has 1 bytes, but the index says 3072", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cat_Key_WritesTheVideo()
    {
        using var bytes = new MemoryStream();
        int code = await CatCommand.Create(() => bytes).Parse([_folder, "b"]).InvokeAsync(cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(0, code);
        Assert.Equal([4, 5], bytes.ToArray());
    }

    [Fact]
    public async Task Cat_Metadata_WritesTheJson()
    {
        (int code, string output, _) = await RunAsync("cat", _folder, "a", "--metadata");

        Assert.Equal((0, "{\"label\":0,\"class\":\"wave\",\"source\":\"x.mp4\"}\n"), (code, output));
    }

    [Fact]
    public async Task Cat_UnknownKey_SaysWhereKeysAreListed()
    {
        (int code, _, string error) = await RunAsync("cat", _folder, "z");

        Assert.Equal(1, code);
        Assert.Contains("there is no sample 'z'. `ppma dataset ls --samples` lists the keys.", error, StringComparison.Ordinal);
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(params string[] args)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        int code = await PpmaCommand.RunAsync(["dataset", .. args], output, error, TestContext.Current.CancellationToken);
        return (code, output.ToString(), error.ToString());
    }
}
