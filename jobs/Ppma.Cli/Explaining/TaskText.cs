using Ppma.Api;
using Ppma.Api.Tasks;
using Ppma.Learning.Costs;

namespace Ppma.Cli.Explaining;

/// <summary>The numbers of one task, a label and a line each.</summary>
internal static class TaskText
{
    // Half of what a large device has: from here on people look for ways to need less.
    private const long LargeMemory = 40_000_000_000;

    public static IEnumerable<(string Label, string Text)> Lines(ExplainedTask task)
    {
        yield return ("preset", Preset(task));
        foreach (ExplainedData data in task.Data)
        {
            string classes = data.Classes > 0 ? $" of {Amounts.Count(data.Classes)} classes" : "";
            yield return (data.Use, $"{data.Name}, split {data.Split}: {Amounts.Count(data.Samples)} clips{classes} ({data.Source})");
        }

        yield return ("model", Model(task));
        yield return ("length", Length(task));
        yield return ("batch", Batch(task.Optimization));
        yield return ("rate", Rate(task));
        yield return ("optimiser", Optimiser(task.Optimization));
        yield return ("precision", $"{task.Task.Precision}");
        yield return ("clip", Clip(task));
        yield return ("augment", Augmentation(task.Augmentation));
        if (task.Task.Evaluate is { } evaluate)
        {
            yield return ("test", $"{Views(evaluate.TestClips, "clip")} × {Views(evaluate.TestCrops, "crop")} a video, logits averaged");
        }

        yield return ("memory", Memory(task));
        yield return ("compute", Compute(task));
        yield return ("checkpoint", Checkpoint(task));
    }

    private static string Preset(ExplainedTask task) => task.Overrides.Count == 0
        ? $"{task.Preset}, nothing overridden"
        : $"{task.Preset}; overridden: {string.Join(", ", task.Overrides.Select(changed => $"{changed.Field} {changed.Value} (preset {changed.Preset ?? "none"})"))}";

    private static string Model(ExplainedTask task)
    {
        ModelShape model = task.Model;
        string heads = task.Task.PretrainStage is { Objective: Objective.MaskedAutoencoding } stage
            ? $"; decoder of width {model.DecoderDim}, {model.DecoderDepth} blocks, {model.DecoderHeads} heads; {Amounts.Number(stage.MaskRatio * 100)} % of the tokens masked"
            : $"; {Amounts.Count(task.Classes)} outputs{LabelSpace(task.Task.PretrainStage)}";
        string trained = task.Step.Trainable == task.Step.Parameters ? "all trained" : $"{Amounts.Of(task.Step.Trainable, "")} trained";
        return $"{model.Frames} frames of {model.Size}×{model.Size}, patch {string.Join('×', model.Patch)}, width {model.Dim}, {model.Depth} blocks, {model.Heads} heads{heads}; " +
            $"{Amounts.Of(task.Step.Parameters, "")} parameters, {trained}";
    }

    private static string LabelSpace(PretrainStageTask? stage) => stage is { Datasets.Count: > 1 } ? $" (label space {stage.LabelSpace})" : "";

    private static string Length(ExplainedTask task)
    {
        string epochs = task.Epochs is { } given ? $" = {Amounts.Number(given)} epochs" : "";
        long samples = task.Data.Where(data => data.Use == "train").Sum(data => data.Samples);
        if (task.Task.Evaluate is { Protocol: Protocol.LinearProbe, TrainViews: > 0 and var views } probe)
        {
            string rates = probe.RateCandidates.Count > 1 ? $", and as many for each of {probe.RateCandidates.Count} rates on {Amounts.Number(probe.HoldoutShare * 100)} % held out" : "";
            return $"{Amounts.Count(task.Optimization.Steps)} steps of the head{epochs}{rates}; {Amounts.Count(task.Clips)} clips decoded once ({Views(views, "view")} of each)";
        }

        return $"{Amounts.Count(task.Optimization.Steps)} steps{epochs}; {Amounts.Count(task.Clips)} clips decoded, each of {Amounts.Count(samples)} about {Amounts.Number(Math.Round(task.Clips / samples, 1))} times";
    }

    private static string Batch(OptimizationSpec optimization)
    {
        string views = optimization.ViewsPerClip > 1
            ? $"{optimization.BatchSize} views = {optimization.BatchSize / optimization.ViewsPerClip} clips × {optimization.ViewsPerClip} views"
            : $"{optimization.BatchSize} clips";
        return views + (optimization.AccumulationSteps > 1 ? $", in {optimization.AccumulationSteps} parts one after the other" : "");
    }

    private static string Rate(ExplainedTask task)
    {
        OptimizationSpec optimization = task.Optimization;
        ExplainedRate rate = task.Rate;
        string source = optimization.RateScale == 1
            ? ""
            : $" = {Amounts.Number(optimization.PeakRate)} / {Amounts.Number(optimization.RateScale)}";
        string head = optimization.Schedule == SchedulePreset.Adaptive && source.Length > 0
            ? $"; the head from {Amounts.Number(rate.CosineFrom / optimization.RateScale)}"
            : "";
        return rate.WarmupSteps > 0
            ? $"{optimization.Schedule}: {Amounts.Number(rate.First)} up to {Amounts.Number(rate.Peak)}{source} over {Amounts.Count(rate.WarmupSteps)} steps, then cosine from {Amounts.Number(rate.CosineFrom)} to {Amounts.Number(rate.Last)}"
            : $"{optimization.Schedule}: cosine from {Amounts.Number(rate.CosineFrom)}{source} to {Amounts.Number(rate.Last)}{head}";
    }

    private static string Optimiser(OptimizationSpec optimization)
    {
        List<string> parts =
        [
            $"AdamW, betas {Amounts.Number(optimization.Beta1)} and {Amounts.Number(optimization.Beta2)}",
            $"weight decay {Amounts.Number(optimization.WeightDecay)}",
        ];
        Add(optimization.LayerDecay < 1, $"layer decay {Amounts.Number(optimization.LayerDecay)}");
        Add(optimization.DropPath > 0, $"drop path {Amounts.Number(optimization.DropPath)}");
        Add(optimization.ClipNorm > 0, $"gradient norm at most {Amounts.Number(optimization.ClipNorm)}");
        Add(optimization.EmaDecay > 0, $"moving average of the weights {Amounts.Number(optimization.EmaDecay)}");
        Add(optimization.RecomputeActivations, "activations recomputed");
        return string.Join(", ", parts);

        void Add(bool when, string part)
        {
            if (when)
            {
                parts.Add(part);
            }
        }
    }

    private static string Clip(ExplainedTask task)
    {
        ClipShape clip = task.Clip;
        string side = clip.ShortSide == 0 ? "stored size" : $"short side {clip.ShortSide}";
        return $"{Amounts.Number(clip.ClipSeconds)} s, {side}, crop {Amounts.Number(clip.CropScaleMin)} to {Amounts.Number(clip.CropScaleMax)} of the area, " +
            $"{clip.PixelPath} pixels, shuffle blocks of {Amounts.Of(task.Task.PretrainStage?.ShuffleBlockBytes ?? task.Task.Evaluate!.ShuffleBlockBytes, "B")}";
    }

    private static string Augmentation(AugmentationSpec augmentation)
    {
        var parts = new List<string>();
        if (augmentation.RandAugmentOps > 0)
        {
            parts.Add($"RandAugment {augmentation.RandAugmentOps} operations at {Amounts.Number(augmentation.RandAugmentMagnitude)} ± {Amounts.Number(augmentation.RandAugmentStd)}, each with probability {Amounts.Number(augmentation.RandAugmentProbability)}");
        }

        if (augmentation.ErasingProbability > 0)
        {
            parts.Add($"random erasing {Amounts.Number(augmentation.ErasingProbability)}");
        }

        if (augmentation.MixUpAlpha > 0 || augmentation.CutMixAlpha > 0)
        {
            parts.Add($"MixUp {Amounts.Number(augmentation.MixUpAlpha)} and CutMix {Amounts.Number(augmentation.CutMixAlpha)} in groups of {augmentation.MixGroup}");
        }

        if (augmentation.LabelSmoothing > 0)
        {
            parts.Add($"label smoothing {Amounts.Number(augmentation.LabelSmoothing)}");
        }

        return parts.Count == 0 ? "crops only" : string.Join(", ", parts);
    }

    private static string Memory(ExplainedTask task)
    {
        var memory = task.Step.Memory;
        (string Name, long Bytes)[] parts =
        [
            ("weights", memory.Weights), ("gradients", memory.Gradients), ("AdamW", memory.Moments), ("moving average", memory.MovingAverage), ("activations, estimated", memory.Activations),
        ];
        return $"{Amounts.Of(memory.Total, "B")} = {string.Join(" + ", parts.Where(part => part.Bytes > 0).Select(part => $"{Amounts.Of(part.Bytes, "B")} {part.Name}"))}{Smaller(task)}";
    }

    private static string Smaller(ExplainedTask task)
    {
        if (task.Step.Memory.Total < LargeMemory || task.Optimization.RecomputeActivations)
        {
            return "";
        }

        StepWork parts = task.Work with { AccumulationSteps = task.Work.AccumulationSteps * 4 };
        StepWork recomputed = task.Work with { RecomputeActivations = true };
        return $"; with optimization.accumulationSteps: {parts.AccumulationSteps} it is {Amounts.Of(StepMemory.Of(parts).Total, "B")}, with recomputeActivations: true {Amounts.Of(StepMemory.Of(recomputed).Total, "B")}";
    }

    private static string Compute(ExplainedTask task)
    {
        var (flops, cost) = (task.Step.Flops, task.Cost);
        string recomputed = flops.Recomputed > 0 ? $" + recomputed {Amounts.Of(flops.Recomputed, "")}" : "";
        string evaluation = cost.EvaluationFlops > 0 ? $" + {Amounts.Of(cost.EvaluationFlops, "")} evaluating" : "";
        return $"{Amounts.Of(flops.Total, "FLOP")} a step (forward {Amounts.Of(flops.Forward, "")} + backward {Amounts.Of(flops.Backward, "")}{recomputed}), {Amounts.Duration(cost.StepSeconds)}; " +
            $"{Amounts.Of(cost.TrainingFlops, "FLOP")} training{evaluation}, {Amounts.Duration(cost.Hours * 3600)}";
    }

    private static string Checkpoint(ExplainedTask task)
    {
        if (task.Task.Evaluate is { Protocol: Protocol.LinearProbe, TrainViews: > 0 })
        {
            return "none: the probe begins again";
        }

        CheckpointPolicy policy = task.Task.Checkpoint;
        string cadence = policy.EverySteps > 0 ? $"every {Amounts.Count(policy.EverySteps)} steps or {policy.EverySeconds} s" : $"every {policy.EverySeconds} s";
        return $"{Amounts.Of(task.Step.CheckpointBytes, "B")} {cadence}, the last {policy.KeepLast} kept; upload {Amounts.Duration(task.Cost.UploadSeconds)}; " +
            $"a pod needs terminationGracePeriodSeconds: {task.Cost.GracePeriodSeconds}";
    }

    private static string Views(int count, string noun) => count == 1 ? $"1 {noun}" : $"{count} {noun}s";
}
