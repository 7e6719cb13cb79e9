using static TorchSharp.torch;

namespace Ppma.Learning.Checkpoints;

/// <summary>
/// A run at one step, copied into memory of its own: training goes on while it is written. It costs what the checkpoint weighs on disk
/// (ViT-B with AdamW: 1.13 GB) for as long as the write takes.
/// </summary>
public sealed class CheckpointSnapshot : IDisposable
{
    private CheckpointSnapshot(TrainingState state, IReadOnlyList<TensorGroup> groups)
    {
        State = state;
        Groups = groups;
    }

    public TrainingState State { get; }

    /// <summary>Copies on the CPU, which this object owns.</summary>
    public IReadOnlyList<TensorGroup> Groups { get; }

    /// <summary>Copies the tensors as they are now. On a device this waits for what was asked of it before.</summary>
    public static CheckpointSnapshot Take(TrainingState state, IReadOnlyList<TensorGroup> groups)
    {
        using var noGradient = no_grad();
        var copies = new List<TensorGroup>();
        var snapshot = new CheckpointSnapshot(state, copies);
        try
        {
            foreach (TensorGroup group in groups)
            {
                var tensors = new Dictionary<string, Tensor>();
                copies.Add(new TensorGroup(group.Name, tensors));
                foreach (var (name, tensor) in group.Tensors)
                {
                    tensors.Add(name, CopyOf(tensor));
                }
            }
        }
        catch
        {
            snapshot.Dispose();
            throw;
        }

        return snapshot;
    }

    public void Dispose()
    {
        foreach (Tensor tensor in Groups.SelectMany(group => group.Tensors.Values))
        {
            tensor.Dispose();
        }
    }

    private static Tensor CopyOf(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        Tensor copy = empty(tensor.shape, dtype: tensor.dtype);
        copy.copy_(tensor.detach());
        return copy.DetachFromDisposeScope();
    }
}
