using Ppma.Learning.Checkpoints;
using Ppma.Learning.Models;
using Ppma.Learning.Optimization;
using static TorchSharp.torch;

namespace Ppma.Learning.Tests;

/// <summary>The smallest model that has every part, and batches for it.</summary>
internal static class TinyModels
{
    public static VisionTransformerOptions Options { get; } = new()
    {
        Frames = 4, Size = 16, Patch = new PatchSize(2, 8, 8), Dim = 16, Depth = 2, Heads = 2, DecoderDim = 8, DecoderDepth = 1, DecoderHeads = 2,
    };

    /// <summary>Over two trunks of other seeds.</summary>
    public static AdaptiveAverage AdaptiveAverage(double dropPath = 0, bool perTensor = false)
    {
        using var one = new VideoClassifier(Options, classes: 2, seed: 1);
        using var other = new VideoClassifier(Options, classes: 2, seed: 2);
        return new AdaptiveAverage(Options with { DropPath = dropPath }, [one.State, other.State], classes: 2, seed: 3, perTensor);
    }

    public static Tensor Video(int clips = 2)
    {
        using var generator = new Generator(7, CPU);
        return randn([clips, 3, Options.Frames, Options.Size, Options.Size], generator: generator);
    }

    /// <summary>Six of eight tokens masked, the same in every clip.</summary>
    public static TokenMask Mask(int clips = 2) =>
        TokenMask.FromFlags([.. Enumerable.Range(0, clips * Options.Tokens).Select(token => token % 4 != 1)], clips);

    public static FusedAdamW Optimizer(VideoModel model, double rate = 1e-2)
    {
        var optimizer = new FusedAdamW(ParameterGroups.Of(model, weightDecay: 0.05), new AdamWOptions());
        optimizer.SetLearningRate(rate);
        return optimizer;
    }

    /// <summary>What a checkpoint of a run holds.</summary>
    public static TensorGroup[] Tensors(VideoModel model, FusedAdamW optimizer) =>
        [new(TensorGroup.Model, model.State), new(TensorGroup.Optimizer, optimizer.State)];
}
