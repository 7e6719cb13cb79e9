using Ppma.Learning.Checkpoints;
using static TorchSharp.torch;

namespace Ppma.Learning.Tests.Checkpoints;

public sealed class CheckpointWriterTests
{
    private static readonly TrainingState State = new() { Step = 1 };

    [Fact]
    public void Begin_TensorsChangeMeanwhile_WritesThemAsTheyWere()
    {
        using Tensor weights = ones(3);
        using var training = new ManualResetEventSlim();
        float[] written = [];
        using var writer = new CheckpointWriter(snapshot =>
        {
            training.Wait(TestContext.Current.CancellationToken);
            written = snapshot.Groups.Single().Tensors["w"].data<float>().ToArray();
            return Manifest(snapshot);
        });

        writer.Begin(State, [new TensorGroup("model", new Dictionary<string, Tensor> { ["w"] = weights })]);
        weights.zero_();
        training.Set();

        Assert.Equal(1, writer.Finish().Step);
        Assert.Equal([1, 1, 1], written);
    }

    [Fact]
    public void Begin_WhileOneIsWritten_WaitsForIt()
    {
        int writing = 0;
        int most = 0;
        using var writer = new CheckpointWriter(snapshot =>
        {
            most = Math.Max(most, Interlocked.Increment(ref writing));
            Thread.Yield();
            Interlocked.Decrement(ref writing);
            return Manifest(snapshot);
        });

        for (int step = 1; step <= 20; step++)
        {
            writer.Begin(State with { Step = step }, []);
        }

        Assert.Equal(20, writer.Finish().Step);
        Assert.Equal(1, most);
    }

    [Fact]
    public void ThrowIfFailed_AfterAFailedWrite_ThrowsItsCauseAndSoDoesFinish()
    {
        var cause = new IOException("the disk is gone");
        using var writer = new CheckpointWriter(_ => throw cause);
        writer.ThrowIfFailed();
        writer.Begin(State, []);

        Assert.Same(cause, Assert.Throws<IOException>(() => writer.Finish()));
        Assert.Same(cause, Assert.Throws<IOException>(() => writer.ThrowIfFailed()));
        Assert.Same(cause, Assert.Throws<IOException>(() => writer.Begin(State, [])));
    }

    private static CheckpointManifest Manifest(CheckpointSnapshot snapshot) => new("none", snapshot.State.Step, []);
}
