using Ppma.Api;
using Ppma.Api.Tasks;

namespace Ppma.Worker.Tests.Tasks;

[Collection(nameof(GlobalGenerator))]
public sealed class VerifyDatasetRunnerTests(TinyData data) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Run_WholeDataSet_ReportsWhatItHolds()
    {
        DatasetOutcome outcome = TinyTasks.Run(TinyTasks.Verify(_folder.Path, data.Actions), TestContext.Current.CancellationToken).Dataset!;

        Assert.Equal((48, 8, Humans.Synthetic, data.Actions.Digest), (outcome.Samples, outcome.Classes, outcome.Humans, outcome.Digest));
    }

    [Fact]
    public void Run_AnotherDigest_Ends65()
    {
        DatasetInput input = data.Actions with { Digest = new string('0', 64) };
        TinyTasks.Fails(ExitCodes.DataDigestMismatch, TinyTasks.Verify(_folder.Path, input), data.Actions.Digest, input.Digest);
    }

    [Fact]
    public void Run_ShardThatChanged_Ends65NamingIt()
    {
        string copy = data.CopyActions(_folder.File("actions"));
        string shard = Directory.EnumerateFiles(copy, "train-*.tar").First();
        byte[] bytes = File.ReadAllBytes(shard);
        bytes[1000] ^= 1;
        File.WriteAllBytes(shard, bytes);

        TinyTasks.Fails(
            ExitCodes.DataDigestMismatch, TinyTasks.Verify(_folder.Path, TinyData.Input(copy, Humans.Synthetic)), Path.GetFileName(shard));
    }

    [Fact]
    public void Run_NothingThere_Ends64NamingTheFile()
    {
        DatasetInput input = data.Actions with { Uri = new Uri(_folder.File("none")).AbsoluteUri };
        TinyTasks.Fails(ExitCodes.BadSpec, TinyTasks.Verify(_folder.Path, input), "none", "index.json");
    }
}
