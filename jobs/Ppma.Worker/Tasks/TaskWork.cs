using Ppma.Api;
using Ppma.Api.Tasks;
using Ppma.Learning.Costs;
using Ppma.Worker.Execution;
using Ppma.Worker.Tracking;

namespace Ppma.Worker.Tasks;

/// <summary>What a step of a task computes.</summary>
internal static class TaskWork
{
    /// <param name="task">A stage, or a trial.</param>
    /// <param name="classes">Outputs of the head; 0 leaves it out, which is less than a ten-thousandth of a ViT-B's step.</param>
    public static StepWork Of(TaskSpec task, int classes)
    {
        OptimizationSpec optimization = task.PretrainStage?.Optimization ?? task.Evaluate!.Optimization;
        var model = (task.PretrainStage?.Model ?? task.Evaluate!.Model).ToOptions();
        bool adaptive = task.Evaluate?.Weights.IsAdaptiveAverage ?? false;
        return new StepWork
        {
            Model = model,
            Batch = optimization.BatchSize,
            MaskedTokens = task.PretrainStage is { Objective: Objective.MaskedAutoencoding } stage ? StepWork.MaskedTokensOf(model, stage.MaskRatio) : null,
            Classes = classes,
            TrunkFrozen = !adaptive && task.Evaluate is { Protocol: Protocol.LinearProbe, Trunk: TrunkMode.Frozen },
            AveragedModels = adaptive ? Math.Max(2, task.Evaluate!.Weights.Members!.Count) : 0,
            ScorePerTensor = task.Evaluate?.Weights.ScorePerTensor ?? false,
            AccumulationSteps = optimization.AccumulationSteps,
            RecomputeActivations = optimization.RecomputeActivations,
            Precision = task.Precision.ToCompute(),
            MovingAverage = optimization.EmaDecay > 0,
        };
    }

    /// <summary>What MFU is counted from; null where the device's peak is not known.</summary>
    public static ModelSpeed? Speed(TaskContext context)
    {
        string? gpu = TaskDevice.Current.type == TorchSharp.DeviceType.CUDA ? context.GpuName : null;
        return DevicePeak.Of(context.PeakTeraflops, gpu, context.Task.Precision) is { } peak
            ? new ModelSpeed(StepFlops.Of(Of(context.Task, classes: 0)).Useful, peak)
            : null;
    }
}
