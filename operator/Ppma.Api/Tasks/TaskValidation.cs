using Ppma.Api.Runs;

namespace Ppma.Api.Tasks;

/// <summary>What a worker checks in the file it got, whoever wrote it.</summary>
internal static class TaskValidation
{
    public static IReadOnlyList<string> Validate(TaskSpec task)
    {
        var check = new TaskChecks();
        check.That(task.TaskVersion == TaskSpec.CurrentVersion, "taskVersion", $"is {task.TaskVersion}; this worker knows {TaskSpec.CurrentVersion}");
        check.That(
            task.NumericsVersion == TaskSpec.CurrentNumericsVersion,
            "numericsVersion",
            $"is {task.NumericsVersion}; this worker computes with {TaskSpec.CurrentNumericsVersion}, so its numbers would not compare: use the worker image the task names");
        check.Digest(task.InputDigest, "inputDigest");
        check.Uri(task.ArtifactsUri, "artifactsUri");
        check.Credentials(task.ArtifactsCredentials, "artifactsCredentials");
        check.Filled(task.Run.Kind, "run.kind");
        check.Filled(task.Run.Namespace, "run.namespace");
        check.Filled(task.Run.Name, "run.name");
        check.Filled(task.Run.Uid, "run.uid");
        check.Known(task.Precision, "precision");
        check.AtLeast(1, task.Threads, "threads");
        check.AtLeast(1, task.ProgressDeadlineSeconds, "progressDeadlineSeconds");
        check.Checkpoint(task.Checkpoint, "checkpoint");
        check.That(
            task.Checkpoint.Best is null || task.PretrainStage?.Validation is not null, "checkpoint.best",
            "needs a stage with a validation set (pretrainStage.validation)");

        check.That(
            (task.PretrainStage is not null) == (task.Kind == TaskKind.PretrainStage),
            "pretrainStage", "must be set exactly when kind is PretrainStage");
        check.That(
            (task.Evaluate is not null) == (task.Kind == TaskKind.Evaluate),
            "evaluate", "must be set exactly when kind is Evaluate");
        check.That(
            (task.VerifyDataset is not null) == (task.Kind == TaskKind.VerifyDataset),
            "verifyDataset", "must be set exactly when kind is VerifyDataset");
        check.Known(task.Kind, "kind");

        if (task.PretrainStage is { } stage)
        {
            PretrainStage(check, stage, "pretrainStage");
        }

        if (task.Evaluate is { } evaluate)
        {
            Evaluate(check, evaluate, "evaluate");
        }

        if (task.VerifyDataset is { } verify)
        {
            check.Filled(verify.Name, "verifyDataset.name");
            check.Uri(verify.Uri, "verifyDataset.uri");
            check.Credentials(verify.Credentials, "verifyDataset.credentials");
            check.That(verify.ExpectedDigest is null || TaskChecks.IsDigest(verify.ExpectedDigest), "verifyDataset.expectedDigest", TaskChecks.DigestFix);
        }

        return check.Problems;
    }

    private static void PretrainStage(TaskChecks check, PretrainStageTask stage, string path)
    {
        check.Filled(stage.Name, $"{path}.name");
        check.AtLeast(0, stage.Index, $"{path}.index");
        check.Known(stage.Objective, $"{path}.objective");
        check.Known(stage.LabelSpace, $"{path}.labelSpace");
        check.Model(stage.Model, $"{path}.model");
        check.Clip(stage.Clip, $"{path}.clip");
        check.AtLeast(1, stage.ShuffleBlockBytes, $"{path}.shuffleBlockBytes");
        check.Augmentation(stage.Augmentation, $"{path}.augmentation");
        check.Optimization(stage.Optimization, $"{path}.optimization");
        check.Weights(stage.Weights, $"{path}.weights");
        check.That(
            stage.Weights.Source != WeightsSource.Stage || stage.Index > 0,
            $"{path}.weights.source", "the first stage of a run has no earlier stage to start from");
        check.That(
            stage.Weights.Method != EnsembleMethod.AdaptiveAverage, $"{path}.weights.method",
            "AdaptiveAverage learns its scores together with a head, in an evaluation; a stage starts from the plain Average");
        check.That(
            stage.Optimization.Schedule != SchedulePreset.Adaptive, $"{path}.optimization.schedule",
            "Adaptive belongs to an AdaptiveAverage in an evaluation; use Mae or Align");
        check.That(stage.Datasets.Count > 0, $"{path}.datasets", "a stage needs at least one data set");
        for (var i = 0; i < stage.Datasets.Count; i++)
        {
            check.Dataset(stage.Datasets[i], $"{path}.datasets[{i}]");
        }

        Validation(check, stage, $"{path}.validation");
        check.AtLeast(0, stage.ReconstructionEverySteps, $"{path}.reconstructionEverySteps");
        if (stage.Resume is { } resume)
        {
            check.Uri(resume.Uri, $"{path}.resume.uri");
            check.Credentials(resume.Credentials, $"{path}.resume.credentials");
        }

        if (stage.Objective == Objective.MaskedAutoencoding)
        {
            check.That(stage.MaskRatio is > 0 and < 1, $"{path}.maskRatio", $"is {stage.MaskRatio}; it must lie between 0 and 1");
        }
        else
        {
            check.That(stage.Optimization.ViewsPerClip == 1, $"{path}.optimization.viewsPerClip", "must be 1 for ActionClassification");
        }
    }

    private static void Validation(TaskChecks check, PretrainStageTask stage, string path)
    {
        if (stage.Validation is not { } validation)
        {
            return;
        }

        check.Dataset(validation.Dataset, $"{path}.dataset");
        check.AtLeast(1, validation.EverySteps, $"{path}.everySteps");
        check.That(
            stage.Datasets.All(dataset => (dataset.Digest, dataset.Split) != (validation.Dataset.Digest, validation.Dataset.Split)),
            $"{path}.dataset.split", $"\"{validation.Dataset.Split}\" is also a split that trains");
        check.That(
            stage.LabelSpace != LabelSpace.PerDataset || stage.Objective != Objective.ActionClassification || stage.Datasets.Any(dataset => dataset.Name == validation.Dataset.Name),
            $"{path}.dataset.name", $"\"{validation.Dataset.Name}\" has no head in this stage (labelSpace PerDataset)");
    }

    private static void Evaluate(TaskChecks check, EvaluateTask evaluate, string path)
    {
        check.Known(evaluate.Protocol, $"{path}.protocol");
        check.Model(evaluate.Model, $"{path}.model");
        check.Clip(evaluate.Clip, $"{path}.clip");
        check.Dataset(evaluate.Train, $"{path}.train");
        check.Dataset(evaluate.Test, $"{path}.test");
        check.That(
            (evaluate.Train.Uri, evaluate.Train.Split) != (evaluate.Test.Uri, evaluate.Test.Split),
            $"{path}.test.split", $"\"{evaluate.Test.Split}\" is also the split that trains");
        check.Weights(evaluate.Weights, $"{path}.weights");
        check.That(evaluate.Weights.Source != WeightsSource.Stage, $"{path}.weights.source", "Stage belongs to a PretrainRun; name the checkpoint");
        check.AtLeast(1, evaluate.ShuffleBlockBytes, $"{path}.shuffleBlockBytes");
        check.Augmentation(evaluate.Augmentation, $"{path}.augmentation");
        check.Optimization(evaluate.Optimization, $"{path}.optimization");
        check.That(evaluate.Optimization.ViewsPerClip == 1, $"{path}.optimization.viewsPerClip", "must be 1 in an evaluation");
        for (var i = 0; i < evaluate.RateCandidates.Count; i++)
        {
            check.That(evaluate.RateCandidates[i] > 0, $"{path}.rateCandidates[{i}]", $"is {evaluate.RateCandidates[i]}; a rate is above 0");
        }

        check.That(evaluate.HoldoutShare is > 0 and < 1, $"{path}.holdoutShare", $"is {evaluate.HoldoutShare}; it must lie between 0 and 1");
        Trunk(check, evaluate, path);
        check.AtLeast(1, evaluate.TestClips, $"{path}.testClips");
        check.That(evaluate.TestCrops is 1 or 3, $"{path}.testCrops", $"is {evaluate.TestCrops}; there are 1 (the centre) or 3 (both ends too)");
    }

    private static void Trunk(TaskChecks check, EvaluateTask evaluate, string path)
    {
        var adaptive = evaluate.Weights.Method == EnsembleMethod.AdaptiveAverage;
        check.Known(evaluate.Trunk, $"{path}.trunk");
        check.That(
            evaluate.Trunk == TrunkMode.Frozen || (evaluate.Protocol == Protocol.LinearProbe && !adaptive), $"{path}.trunk",
            $"is {evaluate.Trunk}, which only a LinearProbe of one model can be");
        check.That(
            !adaptive || evaluate.Protocol == Protocol.LinearProbe, $"{path}.protocol", "must be LinearProbe for an AdaptiveAverage, whose trunks are frozen");
        check.That(
            adaptive == (evaluate.Optimization.Schedule == SchedulePreset.Adaptive), $"{path}.optimization.schedule",
            "Adaptive goes with weights.method AdaptiveAverage, and only with it");
        check.AtLeast(0, evaluate.TrainViews, $"{path}.trainViews");
        check.That(
            evaluate.TrainViews <= 0 || (evaluate.Trunk == TrunkMode.Frozen && !adaptive), $"{path}.trainViews",
            "keeps features of a trunk that changes while training; it must be 0");
    }
}
