using Azure.Storage.Blobs;
using Ppma.Api.Tasks;
using Ppma.Worker.Tests.Data;

namespace Ppma.Worker.Tests.Tasks;

[Collection(nameof(GlobalGenerator))]
public sealed class InitialWeightsTests(TinyData data, BlobData blobs) : IClassFixture<BlobData>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Load_NothingAtTheUri_Ends64NamingIt()
    {
        var weights = new WeightsInput
        {
            Source = WeightsSource.Checkpoint, Uri = new Uri(_folder.File("none.safetensors")).AbsoluteUri, Digest = new string('0', 64),
        };
        TinyTasks.Fails(ExitCodes.BadSpec, TinyTasks.Probe(_folder.Path, data.Actions, weights), "none.safetensors");
    }

    [Fact]
    public void Load_UriOfAnotherKind_Ends64NamingTheField()
    {
        var weights = new WeightsInput { Source = WeightsSource.Checkpoint, Uri = "gs://models/mae.pt", Digest = new string('0', 64) };
        TinyTasks.Fails(ExitCodes.BadSpec, TinyTasks.Probe(_folder.Path, data.Actions, weights), "weights.uri", "gs://models/mae.pt");
    }

    [Fact]
    public void Load_AnotherDigest_Ends65NamingBoth()
    {
        TrainingOutcome mae = Mae();
        var weights = new WeightsInput
        {
            Source = WeightsSource.Checkpoint, Uri = new Uri(_folder.File(mae.Checkpoint)).AbsoluteUri, Digest = new string('0', 64),
        };
        TinyTasks.Fails(ExitCodes.DataDigestMismatch, TinyTasks.Probe(_folder.Path, data.Actions, weights), mae.WeightsDigest, weights.Digest);
    }

    /// <summary>The same weights from a container: as one file, and as the folder of a run's checkpoints.</summary>
    [Theory]
    [InlineData("mae.safetensors", "mae.safetensors")]
    [InlineData("checkpoints", "checkpoints/step-00000009/model.safetensors")]
    public async Task Load_FromAContainer_StartsFromWhatAFileHolds(string uri, string blob)
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        TrainingOutcome mae = Mae();
        (string container, string credentials) = await blobs.CreateArtifactsAsync("weights-" + uri.Replace('.', '-'));
        BlobContainerClient client = blobs.Container("weights-" + uri.Replace('.', '-'));
        await client.GetBlobClient($"runs/tiny/{blob}").UploadAsync(_folder.File($"{mae.Checkpoint}/model.safetensors"), token);
        if (blob != uri)
        {
            await client.GetBlobClient("runs/tiny/checkpoints/latest.json").UploadAsync(_folder.File("mae/checkpoints/latest.json"), token);
        }

        TaskSpec Probe(string from, string? opens) => TinyTasks.Probe(
            _folder.Path,
            data.Actions,
            new WeightsInput { Source = WeightsSource.Checkpoint, Uri = from, Digest = mae.WeightsDigest, Credentials = opens });
        EvaluationOutcome local = TinyTasks.Run(Probe(new Uri(_folder.File(mae.Checkpoint)).AbsoluteUri, opens: null), token).Evaluation!;
        EvaluationOutcome remote = TinyTasks.Run(
            TinyTasks.ContextOf(Probe($"{container}/{uri}", credentials), blobs.Options(_folder.File("cache"))), token).Evaluation!;

        Assert.Equal(local, remote with { RateTrials = local.RateTrials });
    }

    [Fact]
    public void Load_EarlierStageWhoseNewestCheckpointIsDamaged_TakesTheOneBefore()
    {
        Mae();
        Spoil("step-00000009");

        Assert.NotNull(TinyTasks.Run(FromMae(), TestContext.Current.CancellationToken).Training);
    }

    [Fact]
    public void Load_EarlierStageWithoutAWholeCheckpoint_Ends68NamingEach()
    {
        Mae();
        Spoil("step-00000006");
        Spoil("step-00000009");

        TinyTasks.Fails(ExitCodes.NoUsableCheckpoint, FromMae(), "step-00000006", "step-00000009", "SHA-256");
    }

    [Fact]
    public void Load_WeightsOfAnotherShape_Ends68NamingATensor()
    {
        Mae();
        TaskSpec task = FromMae();
        PretrainStageTask stage = task.PretrainStage!;
        TinyTasks.Fails(
            ExitCodes.NoUsableCheckpoint,
            task with { PretrainStage = stage with { Model = stage.Model with { Dim = 32 } } },
            "trunk.");
    }

    [Fact]
    public void Load_StageThatGoesOnFromACheckpoint_ReadsNone()
    {
        Mae();
        TinyTasks.Run(FromMae(), TestContext.Current.CancellationToken);
        Directory.Delete(_folder.File("mae"), recursive: true);

        Assert.NotNull(TinyTasks.Run(FromMae(), TestContext.Current.CancellationToken).Training);
    }

    private TrainingOutcome Mae() => TinyTasks.Run(TinyTasks.Mae(_folder.Path, data.Context), TestContext.Current.CancellationToken).Training!;

    private TaskSpec FromMae() =>
        TinyTasks.Classify(_folder.Path, new WeightsInput { Source = WeightsSource.Stage, Stage = "mae" }, data.Actions);

    private void Spoil(string checkpoint)
    {
        string file = _folder.File($"mae/checkpoints/{checkpoint}/model.safetensors");
        byte[] bytes = File.ReadAllBytes(file);
        bytes[^1] ^= 1;
        File.WriteAllBytes(file, bytes);
    }
}
