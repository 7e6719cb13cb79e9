using static TorchSharp.torch;

namespace Ppma.Learning.Checkpoints;

/// <summary>Tensors that go into one file of a checkpoint, <c>NAME.safetensors</c>.</summary>
/// <param name="Name">Lower-case letters: <see cref="Model"/> and <see cref="Optimizer"/> always, others such as <c>ema</c> as a run needs.</param>
/// <param name="Tensors">By name, on any device.</param>
public sealed record TensorGroup(string Name, IReadOnlyDictionary<string, Tensor> Tensors)
{
    public const string Model = "model";
    public const string Optimizer = "optimizer";
}
