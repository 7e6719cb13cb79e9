using Ppma.Learning.Checkpoints;
using Ppma.Learning.Models;
using Ppma.Learning.Objectives;
using Ppma.Learning.Optimization;
using static TorchSharp.torch;

namespace Ppma.Learning.Tests.Checkpoints;

public sealed class CheckpointStoreTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly MaskedAutoencoder model = new(TinyModels.Options, seed: 0);
    private readonly FusedAdamW optimizer;

    public CheckpointStoreTests()
    {
        optimizer = TinyModels.Optimizer(model);
    }

    private CheckpointStore Store => new(folder.Path, keepLast: 2);

    [Fact]
    public void Load_EmptyOrMissingFolder_GivesNull()
    {
        Assert.Null(Store.Load());
        Assert.Null(new CheckpointStore(folder.File("none"), keepLast: 2).Load());
    }

    [Fact]
    public void Load_AfterSave_ContinuesBitForBit()
    {
        Train(model, optimizer);
        var saved = new TrainingState
        {
            Step = 1, SamplesConsumed = 34, ComputeSeconds = 5.5, Environment = new Dictionary<string, string> { ["threads"] = "2" },
        };
        var manifest = Save(saved);

        using var other = new MaskedAutoencoder(TinyModels.Options, seed: 9);
        using var otherOptimizer = TinyModels.Optimizer(other);
        using (var stored = Store.Load()!)
        {
            Assert.Equivalent(saved, stored.State, strict: true);
            Assert.Equal(manifest.ModelDigest, stored.Manifest.ModelDigest);
            Assert.Empty(stored.Skipped);
            stored.Restore(TinyModels.Tensors(other, otherOptimizer));
        }

        Train(model, optimizer);
        Train(other, otherOptimizer);
        Assert.All(model.Parameters, parameter => Assert.True(parameter.Value.equal(other.Parameters[parameter.Key]).all().item<bool>()));
    }

    [Fact]
    public void Save_ManyTimes_KeepsTheLastAndLeavesStrangersAlone()
    {
        Directory.CreateDirectory(folder.File("step-00000000"));
        File.WriteAllText(folder.File("step-00000000/notes.txt"), "mine");
        for (int step = 1; step <= 4; step++)
        {
            Save(step);
        }

        File.WriteAllText(folder.File("step-00000003/notes.txt"), "mine");
        Save(5);
        Assert.Equal(
            ["latest.json", "step-00000000", "step-00000003", "step-00000004", "step-00000005"],
            Directory.EnumerateFileSystemEntries(folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal(["notes.txt"], Directory.EnumerateFiles(folder.File("step-00000003")).Select(Path.GetFileName));
        Assert.Contains("step-00000005", File.ReadAllText(folder.File("latest.json")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("model.safetensors")]
    [InlineData("optimizer.safetensors")]
    [InlineData("state.json")]
    [InlineData("manifest.json")]
    public void Load_FileOfNewestDamaged_FallsBackAndSaysWhy(string file)
    {
        Save(1);
        Save(2);
        foreach (Action<string> damage in (Action<string>[])[FlipLastByte, Truncate, File.Delete])
        {
            Save(2);
            damage(folder.File($"step-00000002/{file}"));
            using var stored = Store.Load()!;
            Assert.Equal(1, stored.State.Step);
            Assert.Contains(file, Assert.Single(stored.Skipped), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Load_WriterKilledBeforeTheRename_IgnoresWhatItLeftAndTheNextSaveRemovesIt()
    {
        Save(1);
        Save(2);
        string leftover = $"step-00000002.{Guid.NewGuid():n}.tmp";
        Directory.Move(folder.File("step-00000002"), folder.File(leftover));
        using (var stored = Store.Load()!)
        {
            Assert.Equal(1, stored.State.Step);
        }

        Save(3);
        Assert.False(Directory.Exists(folder.File(leftover)));
    }

    [Fact]
    public void Load_NothingWhole_NamesEveryCheckpoint()
    {
        Save(1);
        Save(2);
        Truncate(folder.File("step-00000001/model.safetensors"));
        Truncate(folder.File("step-00000002/model.safetensors"));
        var error = Assert.Throws<NoUsableCheckpointException>(() => Store.Load());
        Assert.Contains("step-00000001: model.safetensors", error.Message, StringComparison.Ordinal);
        Assert.Contains("step-00000002: model.safetensors", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Save_FolderCannotBeWritten_LeavesEarlierCheckpointsWhole()
    {
        Save(1);
        File.WriteAllText(folder.File("step-00000002"), "in the way");
        Assert.ThrowsAny<IOException>(() => Save(2));
        using var stored = Store.Load()!;
        Assert.Equal(1, stored.State.Step);
    }

    [Fact]
    public void Save_WithEveryNAndBest_KeepsThoseBesideTheLast()
    {
        var store = new CheckpointStore(folder.Path, new CheckpointRetention(2) { KeepEverySteps = 4, BestMetric = "top1", MoreIsBetter = true });
        double[] top1 = [0.2, 0.7, double.NaN, 0.7, 0.1, 0.3, 0.2, 0.1, 0.1];
        for (int i = 0; i < top1.Length; i++)
        {
            using var snapshot = CheckpointSnapshot.Take(
                new TrainingState { Step = i + 1, Metrics = new Dictionary<string, double> { ["top1"] = top1[i] } }, TinyModels.Tensors(model, optimizer));
            store.Save(snapshot);
        }

        Assert.Equal([9, 8, 4, 2], store.Manifests.Select(manifest => manifest.Step));
        Assert.Equal((2, 0.7), (store.Best!.Step, store.Best.Value));
    }

    [Fact]
    public void Load_NewestOfOtherInputs_FallsBackAndNamesThem()
    {
        using var snapshot = CheckpointSnapshot.Take(new TrainingState { Step = 1 }, TinyModels.Tensors(model, optimizer));
        using var foreign = CheckpointSnapshot.Take(new TrainingState { Step = 2 }, TinyModels.Tensors(model, optimizer));
        var store = new CheckpointStore(folder.Path, keepLast: 2) { InputDigest = "ours" };
        store.Save(snapshot);
        new CheckpointStore(folder.Path, keepLast: 2) { InputDigest = "theirs" }.Save(foreign);

        using var stored = store.Load()!;

        Assert.Equal(1, stored.State.Step);
        Assert.Contains("step-00000002: it was written with other inputs (inputDigest theirs", Assert.Single(stored.Skipped), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_FolderRenamedToAnotherStep_IsNotTrusted()
    {
        Save(1);
        Save(2);
        Directory.Move(folder.File("step-00000002"), folder.File("step-00000007"));

        using var stored = Store.Load()!;

        Assert.Equal(1, stored.State.Step);
        Assert.Contains("step-00000007", Assert.Single(stored.Skipped), StringComparison.Ordinal);
    }

    [Fact]
    public void Save_GroupBesideModelAndOptimiser_ComesBack()
    {
        using var average = ones(3);
        TensorGroup[] groups = [.. TinyModels.Tensors(model, optimizer), new("ema", new Dictionary<string, Tensor> { ["w"] = average })];
        using (var snapshot = CheckpointSnapshot.Take(new TrainingState { Step = 1 }, groups))
        {
            Store.Save(snapshot);
        }

        average.zero_();
        using var stored = Store.Load()!;
        stored.Restore(groups);

        Assert.Equal([1f, 1f, 1f], average.data<float>().ToArray());
        var mismatch = Assert.Throws<WeightsMismatchException>(() => stored.Restore(TinyModels.Tensors(model, optimizer)));
        Assert.Contains("unexpected 'ema: w'", mismatch.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Constructor_KeepOne_IsRefused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new CheckpointStore(folder.Path, keepLast: 1));

    [Fact]
    public void Locate_RunFolderAndCheckpointFolder_GiveTheWeights()
    {
        Save(1);
        Assert.Equal(folder.File("step-00000001/model.safetensors"), WeightsFile.Locate(folder.Path));
        using var weights = WeightsFile.Read(folder.File("step-00000001"));
        Assert.Equal(model.State.Keys.Order(), weights.Models[0].Keys.Order());
        FlipLastByte(folder.File("step-00000001/model.safetensors"));
        Assert.Throws<CheckpointFormatException>(() => WeightsFile.Locate(folder.File("step-00000001")));
        Assert.Throws<FileNotFoundException>(() => WeightsFile.Locate(folder.File("none")));
    }

    public void Dispose()
    {
        optimizer.Dispose();
        model.Dispose();
        folder.Dispose();
    }

    private void Save(long step) => Save(new TrainingState { Step = step });

    private CheckpointManifest Save(TrainingState state)
    {
        using var snapshot = CheckpointSnapshot.Take(state, TinyModels.Tensors(model, optimizer));
        return Store.Save(snapshot);
    }

    private static void Train(MaskedAutoencoder model, FusedAdamW optimizer)
    {
        using var scope = NewDisposeScope();
        using var mask = TinyModels.Mask();
        var video = TinyModels.Video();
        optimizer.ZeroGradients();
        MaskedReconstruction.Loss(model.Forward(video, mask), video, model.Options, mask).backward();
        optimizer.Step();
    }

    private static void FlipLastByte(string path)
    {
        var bytes = File.ReadAllBytes(path);
        bytes[^1] ^= 1;
        File.WriteAllBytes(path, bytes);
    }

    private static void Truncate(string path)
    {
        using var stream = File.OpenWrite(path);
        stream.SetLength(stream.Length / 2);
    }
}
