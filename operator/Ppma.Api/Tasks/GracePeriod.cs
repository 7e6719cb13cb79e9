namespace Ppma.Api.Tasks;

/// <summary>
/// What a pod needs between SIGTERM and SIGKILL: the step in hand, the checkpoint on disk and in the store, half as much again, and at
/// least 30 seconds; in tens. <c>ppma explain</c> prints it from exact counts; <see cref="Of"/> estimates these from a task alone, for the
/// pod of a run.
/// </summary>
public static class GracePeriod
{
    /// <summary>Megabits a second to the store of the artifacts.</summary>
    public const double UploadMegabitsPerSecond = 1000;

    /// <summary>Megabytes a second to the pod's own disk.</summary>
    public const double DiskMegabytesPerSecond = 200;

    // Of an A100: a third of its 312 TFLOP/s in half precision, three quarters of its 19.5 in float32 without TF32.
    private const double HalfPrecisionTflops = 100;
    private const double Float32Tflops = 15;

    private const int LeastSeconds = 30;
    private const int Channels = 3;

    /// <summary>TFLOP/s that are taken to be reached.</summary>
    public static double Tflops(Precision precision) => precision == Precision.Float32 ? Float32Tflops : HalfPrecisionTflops;

    /// <summary>Seconds for a step and a checkpoint that are known.</summary>
    /// <param name="stepSeconds">One step.</param>
    /// <param name="checkpointBytes">One checkpoint, all its files.</param>
    /// <param name="uploadMegabitsPerSecond">To the store.</param>
    /// <param name="diskMegabytesPerSecond">To the pod's disk.</param>
    public static int Seconds(
        double stepSeconds,
        long checkpointBytes,
        double uploadMegabitsPerSecond = UploadMegabitsPerSecond,
        double diskMegabytesPerSecond = DiskMegabytesPerSecond)
    {
        double needed = stepSeconds + (checkpointBytes / (diskMegabytesPerSecond * 1e6)) + (checkpointBytes * 8 / (uploadMegabitsPerSecond * 1e6));
        return (int)Math.Max(LeastSeconds, 10 * Math.Ceiling(1.5 * needed / 10));
    }

    /// <summary>Seconds for a task, its head and the tables of its model left out: less than a hundredth of a ViT-B.</summary>
    public static int Of(TaskSpec task) => task switch
    {
        { PretrainStage: { } stage } => Seconds(task, stage.Model, stage.Optimization, Masked(stage), trunkLearns: true),
        { Evaluate: { Weights.IsAdaptiveAverage: false } trial } =>
            Seconds(task, trial.Model, trial.Optimization, null, trial is not { Protocol: Protocol.LinearProbe, Trunk: TrunkMode.Frozen }),
        { Evaluate: { } averaged } => Seconds(StepSeconds(task, averaged.Model, averaged.Optimization, null, trunkLearns: true), 0),
        _ => LeastSeconds,
    };

    private static int Seconds(TaskSpec task, ModelShape model, OptimizationSpec optimization, double? maskRatio, bool trunkLearns)
    {
        double parameters = Block(model.Dim) * model.Depth + ((double)PatchValues(model) * model.Dim)
            + (maskRatio is null ? 0 : (Block(model.DecoderDim) * model.DecoderDepth) + ((double)model.DecoderDim * (model.Dim + PatchValues(model))));
        int copies = trunkLearns ? (optimization.EmaDecay > 0 ? 4 : 3) : 1;
        return Seconds(StepSeconds(task, model, optimization, maskRatio, trunkLearns), (long)(sizeof(float) * parameters * copies));
    }

    // Matrix products, (a, b) by (b, c) counted as 2abc; backward is twice forward, recomputation once more.
    private static double StepSeconds(TaskSpec task, ModelShape model, OptimizationSpec optimization, double? maskRatio, bool trunkLearns)
    {
        double tokens = (double)model.Frames / model.Patch[0] * model.Size / model.Patch[1] * model.Size / model.Patch[2];
        double visible = maskRatio is { } ratio ? tokens - Math.Floor(tokens * ratio) : tokens;
        double forward = (2 * visible * PatchValues(model) * model.Dim) + (model.Depth * Products(visible, model.Dim))
            + (maskRatio is null ? 0 : model.DecoderDepth * Products(tokens, model.DecoderDim));
        double passes = !trunkLearns ? 1 : optimization.RecomputeActivations ? 4 : 3;
        return passes * forward * optimization.BatchSize / (1e12 * Tflops(task.Precision));
    }

    private static double? Masked(PretrainStageTask stage) => stage.Objective == Objective.MaskedAutoencoding ? stage.MaskRatio : null;

    private static double Block(double dim) => (12 * dim * dim) + (13 * dim);

    private static double Products(double tokens, double dim) => (24 * tokens * dim * dim) + (4 * tokens * tokens * dim);

    private static int PatchValues(ModelShape model) => Channels * model.Patch[0] * model.Patch[1] * model.Patch[2];
}
