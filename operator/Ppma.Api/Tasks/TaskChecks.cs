using System.Text.RegularExpressions;
using Ppma.Api.Runs;

namespace Ppma.Api.Tasks;

/// <summary>Collects the problems of a task, one line each.</summary>
internal sealed partial class TaskChecks
{
    public const string DigestFix = "must be a SHA-256 of 64 lower-case hex digits";

    private readonly List<string> _problems = [];

    public IReadOnlyList<string> Problems => _problems;

    public static bool IsDigest(string? text) => text is not null && DigestPattern.IsMatch(text);

    [GeneratedRegex(@"\A[0-9a-f]{64}\z")]
    private static partial Regex DigestPattern { get; }

    [GeneratedRegex(NameRules.Subdomain)]
    private static partial Regex SubdomainPattern { get; }

    [GeneratedRegex(NameRules.SecretKey)]
    private static partial Regex SecretKeyPattern { get; }

    public void That(bool holds, string path, string otherwise)
    {
        if (!holds)
        {
            _problems.Add($"{path}: {otherwise}");
        }
    }

    public void Filled(string? text, string path) => That(!string.IsNullOrWhiteSpace(text), path, "is missing or empty");

    public void Digest(string? text, string path) => That(IsDigest(text), path, DigestFix);

    public void Known<T>(T value, string path)
        where T : struct, Enum =>
        That(Enum.IsDefined(value), path, $"is {value}; use {string.Join(" | ", Enum.GetNames<T>())}");

    public void AtLeast(double least, double value, string path) => That(value >= least, path, $"is {value}; it must be at least {least}");

    public void Share(double value, string path) => That(value is >= 0 and <= 1, path, $"is {value}; it must lie in 0..1");

    public void Uri(string? text, string path) => That(
        text is not null && System.Uri.TryCreate(text, UriKind.Absolute, out _) && text.Contains(":/", StringComparison.Ordinal),
        path,
        $"\"{text}\" is not an absolute URI such as file:///data/context; resolve the manifest again");

    public void Dataset(DatasetInput dataset, string path)
    {
        Filled(dataset.Name, $"{path}.name");
        Uri(dataset.Uri, $"{path}.uri");
        Digest(dataset.Digest, $"{path}.digest");
        Filled(dataset.Split, $"{path}.split");
        Known(dataset.Humans, $"{path}.humans");
        AtLeast(0, dataset.Weight, $"{path}.weight");
        Credentials(dataset.Credentials, $"{path}.credentials");
    }

    public void Credentials(string? reference, string path) => That(
        reference is null || (reference.Split('/') is [var secret, var key] && SubdomainPattern.IsMatch(secret) && SecretKeyPattern.IsMatch(key)),
        path,
        $"\"{reference}\" names no key of a Secret; write it as secret/key");

    public void Weights(WeightsInput weights, string path)
    {
        Known(weights.Source, $"{path}.source");
        That((weights.Stage is not null) == (weights.Source == WeightsSource.Stage), $"{path}.stage", "must be set exactly when source is Stage");
        That((weights.Uri is not null) == (weights.Source == WeightsSource.Checkpoint), $"{path}.uri", "must be set exactly when source is Checkpoint");
        That((weights.Method is not null) == (weights.Source == WeightsSource.Ensemble), $"{path}.method", "must be set exactly when source is Ensemble");
        That((weights.Members is not null) == (weights.Source == WeightsSource.Ensemble), $"{path}.members", "must be set exactly when source is Ensemble");
        That(
            !weights.ScorePerTensor || weights.Method == EnsembleMethod.AdaptiveAverage, $"{path}.scorePerTensor",
            "has a meaning for method AdaptiveAverage only");
        Credentials(weights.Credentials, $"{path}.credentials");
        if (weights.Source == WeightsSource.Checkpoint)
        {
            Uri(weights.Uri, $"{path}.uri");
            Digest(weights.Digest, $"{path}.digest");
        }

        Members(weights, path);
    }

    private void Members(WeightsInput ensemble, string path)
    {
        That(ensemble.Members is null or { Count: > 0 }, $"{path}.members", "is empty; an ensemble has at least two models, or one file that holds several");
        for (var i = 0; i < ensemble.Members?.Count; i++)
        {
            var member = ensemble.Members[i];
            That(
                member.Source == WeightsSource.Checkpoint, $"{path}.members[{i}].source",
                $"is {member.Source}; the members of an ensemble are checkpoints, named by URI and digest");
            That(
                member.IncludeNorm == ensemble.IncludeNorm, $"{path}.members[{i}].includeNorm",
                "differs from the ensemble's; only weights of one objective have the same tensors to average");
            Weights(member, $"{path}.members[{i}]");
        }
    }

    public void Checkpoint(CheckpointPolicy policy, string path)
    {
        AtLeast(1, policy.EverySeconds, $"{path}.everySeconds");
        AtLeast(0, policy.EverySteps, $"{path}.everySteps");
        AtLeast(2, policy.KeepLast, $"{path}.keepLast");
        AtLeast(0, policy.KeepEverySteps, $"{path}.keepEverySteps");
        That(
            policy.EverySteps < 1 || policy.KeepEverySteps % policy.EverySteps == 0, $"{path}.keepEverySteps",
            $"is {policy.KeepEverySteps}, no multiple of everySteps {policy.EverySteps}; only checkpoints that are written can be kept");
        if (policy.Best is { } best)
        {
            Known(best.Mode, $"{path}.best.mode");
            That(
                ValidationMetrics.All.Contains(best.Metric), $"{path}.best.metric",
                $"\"{best.Metric}\" is not known; use {string.Join(" | ", ValidationMetrics.All)}");
        }
    }

    public void Model(ModelShape model, string path)
    {
        foreach (var problem in model.Validate())
        {
            _problems.Add($"{path}.{problem}");
        }
    }

    public void Clip(ClipShape clip, string path)
    {
        That(clip.ClipSeconds > 0, $"{path}.clipSeconds", $"is {clip.ClipSeconds}; it must be above 0");
        AtLeast(0, clip.ShortSide, $"{path}.shortSide");
        Known(clip.PixelPath, $"{path}.pixelPath");
        That(clip.CropScaleMin > 0 && clip.CropScaleMin <= clip.CropScaleMax && clip.CropScaleMax <= 1, $"{path}.cropScaleMin", "crop scales must satisfy 0 < cropScaleMin <= cropScaleMax <= 1");
        That(clip.CropRatioMin > 0 && clip.CropRatioMin <= clip.CropRatioMax, $"{path}.cropRatioMin", "crop ratios must satisfy 0 < cropRatioMin <= cropRatioMax");
    }

    public void Augmentation(AugmentationSpec augmentation, string path)
    {
        That(augmentation.RandAugmentOps is >= 0 and <= 14, $"{path}.randAugmentOps", $"is {augmentation.RandAugmentOps}; there are 14 operations");
        That(augmentation.RandAugmentMagnitude is >= 0 and <= 10, $"{path}.randAugmentMagnitude", $"is {augmentation.RandAugmentMagnitude}; it must lie in 0..10");
        AtLeast(0, augmentation.RandAugmentStd, $"{path}.randAugmentStd");
        Share(augmentation.RandAugmentProbability, $"{path}.randAugmentProbability");
        Share(augmentation.ErasingProbability, $"{path}.erasingProbability");
        AtLeast(0, augmentation.MixUpAlpha, $"{path}.mixUpAlpha");
        AtLeast(0, augmentation.CutMixAlpha, $"{path}.cutMixAlpha");
        AtLeast(1, augmentation.MixGroup, $"{path}.mixGroup");
        That(augmentation.LabelSmoothing is >= 0 and < 1, $"{path}.labelSmoothing", $"is {augmentation.LabelSmoothing}; it must lie in 0..1, 1 excluded");
    }

    public void Optimization(OptimizationSpec optimization, string path)
    {
        AtLeast(1, optimization.Steps, $"{path}.steps");
        AtLeast(1, optimization.BatchSize, $"{path}.batchSize");
        AtLeast(1, optimization.ViewsPerClip, $"{path}.viewsPerClip");
        That(
            optimization.ViewsPerClip < 1 || optimization.BatchSize % optimization.ViewsPerClip == 0,
            $"{path}.viewsPerClip",
            $"{optimization.ViewsPerClip} does not divide batchSize {optimization.BatchSize}; all views of a clip stay in one batch");
        Known(optimization.Schedule, $"{path}.schedule");
        That(optimization.PeakRate > 0, $"{path}.peakRate", $"is {optimization.PeakRate}; it must be above 0");
        That(optimization.RateScale > 0, $"{path}.rateScale", $"is {optimization.RateScale}; it must be above 0");
        That(optimization.WarmupShare is >= 0 and < 1, $"{path}.warmupShare", $"is {optimization.WarmupShare}; it must lie in 0..1, 1 excluded");
        That(optimization.Beta1 is >= 0 and < 1, $"{path}.beta1", $"is {optimization.Beta1}; it must lie in 0..1, 1 excluded");
        That(optimization.Beta2 is >= 0 and < 1, $"{path}.beta2", $"is {optimization.Beta2}; it must lie in 0..1, 1 excluded");
        That(optimization.Epsilon > 0, $"{path}.epsilon", $"is {optimization.Epsilon}; it must be above 0");
        AtLeast(0, optimization.WeightDecay, $"{path}.weightDecay");
        That(optimization.LayerDecay is > 0 and <= 1, $"{path}.layerDecay", $"is {optimization.LayerDecay}; it must be above 0 and at most 1");
        That(optimization.DropPath is >= 0 and < 1, $"{path}.dropPath", $"is {optimization.DropPath}; it must lie in 0..1, 1 excluded");
        AtLeast(0, optimization.ClipNorm, $"{path}.clipNorm");
        AtLeast(1, optimization.AccumulationSteps, $"{path}.accumulationSteps");
        That(
            optimization.AccumulationSteps < 1 || optimization.ViewsPerClip < 1 || optimization.BatchSize / optimization.ViewsPerClip % optimization.AccumulationSteps == 0,
            $"{path}.accumulationSteps",
            $"{optimization.AccumulationSteps} parts do not divide the clips of a batch; every part has the same number of clips");
        That(optimization.EmaDecay is >= 0 and < 1, $"{path}.emaDecay", $"is {optimization.EmaDecay}; it must lie in 0..1, 1 excluded");
        AtLeast(0, optimization.MostSkippedInARow, $"{path}.mostSkippedInARow");
    }
}
