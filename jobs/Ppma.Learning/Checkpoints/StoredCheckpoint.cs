using Ppma.Learning.Models;
using Ppma.Learning.Optimization;

namespace Ppma.Learning.Checkpoints;

/// <summary>A checkpoint that was read and found whole.</summary>
public sealed class StoredCheckpoint : IDisposable
{
    internal StoredCheckpoint(string folder, CheckpointManifest manifest, TrainingState state, SafetensorsFile model, SafetensorsFile optimizer)
    {
        Folder = folder;
        Manifest = manifest;
        State = state;
        Model = model;
        Optimizer = optimizer;
    }

    public string Folder { get; }

    public CheckpointManifest Manifest { get; }

    public TrainingState State { get; }

    public SafetensorsFile Model { get; }

    public SafetensorsFile Optimizer { get; }

    /// <summary>Newer checkpoints that were not trusted, each with the reason; worth a warning.</summary>
    public IReadOnlyList<string> Skipped { get; internal init; } = [];

    /// <summary>Puts model and optimiser where they were.</summary>
    /// <exception cref="WeightsMismatchException">They are of another shape.</exception>
    public void Restore(VideoModel model, FusedAdamW optimizer)
    {
        ModelWeights.Load(model, Model.Tensors);
        optimizer.LoadState(Optimizer.Tensors);
    }

    public void Dispose()
    {
        Model.Dispose();
        Optimizer.Dispose();
    }
}
