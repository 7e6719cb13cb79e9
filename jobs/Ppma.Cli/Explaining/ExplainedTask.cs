using Ppma.Api.Tasks;
using Ppma.Learning.Costs;

namespace Ppma.Cli.Explaining;

/// <summary>One task of a run, every number resolved.</summary>
internal sealed record ExplainedTask
{
    public required string Kind { get; init; }

    public required string Run { get; init; }

    /// <summary>PretrainRun: the stage.</summary>
    public string? Stage { get; init; }

    /// <summary>For people: masked autoencoding, linear probe over a frozen trunk, …</summary>
    public required string What { get; init; }

    public required string Preset { get; init; }

    public required IReadOnlyList<RecipeOverride> Overrides { get; init; }

    /// <summary>For people: where the initial weights come from.</summary>
    public required string Weights { get; init; }

    public required IReadOnlyList<ExplainedData> Data { get; init; }

    /// <summary>The task as a worker would get it; digests of what does not exist yet are zeros.</summary>
    public required TaskSpec Task { get; init; }

    /// <summary>Outputs of the head; 0 for masked autoencoding.</summary>
    public required int Classes { get; init; }

    /// <summary>As the manifest or the preset says; null where steps were given.</summary>
    public double? Epochs { get; init; }

    /// <summary>Clips decoded while training.</summary>
    public required double Clips { get; init; }

    public required ExplainedRate Rate { get; init; }

    public required StepCost Step { get; init; }

    public required RunCost Cost { get; init; }

    /// <summary>What <see cref="Step"/> was reckoned from.</summary>
    internal required StepWork Work { get; init; }

    internal OptimizationSpec Optimization => Task.PretrainStage?.Optimization ?? Task.Evaluate!.Optimization;

    internal ModelShape Model => Task.PretrainStage?.Model ?? Task.Evaluate!.Model;

    internal ClipShape Clip => Task.PretrainStage?.Clip ?? Task.Evaluate!.Clip;

    internal AugmentationSpec Augmentation => Task.PretrainStage?.Augmentation ?? Task.Evaluate!.Augmentation;

    internal string Title => Stage is null ? Run : $"{Run}/{Stage}";
}

/// <param name="Name">Of the VideoDataset.</param>
/// <param name="Split">Which split.</param>
/// <param name="Use">What for: train, test, validation.</param>
/// <param name="Samples">Clips in it.</param>
/// <param name="Classes">Classes of the data set.</param>
/// <param name="Source">Where those two numbers are from.</param>
internal sealed record ExplainedData(string Name, string Split, string Use, long Samples, int Classes, string Source);

/// <param name="First">At the first step.</param>
/// <param name="Peak">Highest, after the warm-up: P / s.</param>
/// <param name="CosineFrom">Right after the warm-up.</param>
/// <param name="Last">At the end.</param>
/// <param name="WarmupSteps">Steps of the linear rise.</param>
internal sealed record ExplainedRate(double First, double Peak, double CosineFrom, double Last, long WarmupSteps);

/// <param name="TrainingFlops">Of all steps, recomputed blocks too.</param>
/// <param name="EvaluationFlops">Of test and validation views.</param>
/// <param name="Hours">Both at the assumed rate; loading of data not counted.</param>
/// <param name="StepSeconds">One update at the assumed rate.</param>
/// <param name="UploadSeconds">One checkpoint at the assumed rate.</param>
/// <param name="GracePeriodSeconds">What terminationGracePeriodSeconds of a pod should be.</param>
internal sealed record RunCost(
    double TrainingFlops, double EvaluationFlops, double Hours, double StepSeconds, double UploadSeconds, int GracePeriodSeconds);
