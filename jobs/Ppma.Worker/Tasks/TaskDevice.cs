using System.Globalization;
using Ppma.Api.Tasks;
using Ppma.Learning.Training;
using static TorchSharp.torch;

namespace Ppma.Worker.Tasks;

/// <summary>Where and with what a task computes.</summary>
internal static class TaskDevice
{
    /// <summary>The GPU where libtorch has one, else the CPU.</summary>
    public static Device Current => cuda.is_available() ? CUDA : CPU;

    public static TrainerOptions TrainerOptions(TaskSpec task, OptimizationSpec optimization) => new()
    {
        Steps = optimization.Steps,
        Seed = task.Seed,
        Precision = task.Precision.ToCompute(),
        ClipNorm = optimization.ClipNorm,
        ClipsPerStep = optimization.BatchSize / optimization.ViewsPerClip,
        CheckpointEvery = TimeSpan.FromSeconds(task.Checkpoint.EverySeconds),
        CheckpointEverySteps = task.Checkpoint.EverySteps,
        Environment = new Dictionary<string, string>
        {
            ["device"] = Current.ToString(),
            ["threads"] = get_num_threads().ToString(CultureInfo.InvariantCulture),
            ["libtorch"] = __version__,
        },
    };
}
