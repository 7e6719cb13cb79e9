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
        check.Filled(task.Run.Kind, "run.kind");
        check.Filled(task.Run.Namespace, "run.namespace");
        check.Filled(task.Run.Name, "run.name");
        check.Filled(task.Run.Uid, "run.uid");
        check.Known(task.Precision, "precision");
        check.AtLeast(1, task.Threads, "threads");
        check.AtLeast(1, task.ProgressDeadlineSeconds, "progressDeadlineSeconds");
        check.AtLeast(1, task.Checkpoint.EverySeconds, "checkpoint.everySeconds");
        check.AtLeast(0, task.Checkpoint.EverySteps, "checkpoint.everySteps");
        check.AtLeast(2, task.Checkpoint.KeepLast, "checkpoint.keepLast");

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
        check.That(stage.LabelSpace != LabelSpace.PerDataset, $"{path}.labelSpace", "PerDataset is not available yet; use ByName or ByIndex");
        check.Model(stage.Model, $"{path}.model");
        check.Clip(stage.Clip, $"{path}.clip");
        check.AtLeast(1, stage.ShuffleBlockBytes, $"{path}.shuffleBlockBytes");
        check.Augmentation(stage.Augmentation, $"{path}.augmentation");
        check.Optimization(stage.Optimization, $"{path}.optimization");
        check.Weights(stage.Weights, $"{path}.weights");
        check.That(
            stage.Weights.Source != WeightsSource.Stage || stage.Index > 0,
            $"{path}.weights.source", "the first stage of a run has no earlier stage to start from");
        check.That(stage.Datasets.Count > 0, $"{path}.datasets", "a stage needs at least one data set");
        for (var i = 0; i < stage.Datasets.Count; i++)
        {
            check.Dataset(stage.Datasets[i], $"{path}.datasets[{i}]");
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
        check.AtLeast(1, evaluate.TestClips, $"{path}.testClips");
        check.That(evaluate.TestCrops is 1 or 3, $"{path}.testCrops", $"is {evaluate.TestCrops}; there are 1 (the centre) or 3 (both ends too)");
    }
}
