using Ppma.Api;
using Ppma.Api.Tasks;
using Ppma.Datasets.Labels;
using Ppma.Datasets.Reading;
using Ppma.Worker.Execution;
using Ppma.Worker.Validation;

namespace Ppma.Worker.Tasks;

/// <summary>What the outputs of a classification stage mean.</summary>
internal static class StageLabels
{
    public static LabelMap Of(LabelSpace space, IEnumerable<Dataset> datasets)
    {
        IReadOnlyList<string>[] classes = [.. datasets.Select(dataset => dataset.Index.Classes)];
        return space switch
        {
            LabelSpace.ByIndex => LabelMap.ByIndex(classes),
            LabelSpace.PerDataset => LabelMap.PerDataset(classes),
            _ => LabelMap.ByName(classes),
        };
    }

    /// <summary><c>classes.json</c>: a list of names; where every data set has a head, a list of such lists.</summary>
    public static void Publish(TaskContext context, LabelSpace space, LabelMap labels)
    {
        const string file = "classes.json";
        if (space == LabelSpace.PerDataset)
        {
            context.Artifacts.PublishJson(file, labels.Heads);
        }
        else
        {
            context.Artifacts.PublishJson(file, labels.Heads[0]);
        }
    }

    /// <summary>Measures the outputs that the validation set's classes lead to.</summary>
    /// <exception cref="TaskFailedException">64 when they lead to none.</exception>
    public static ClassificationMeasure Measure(PretrainStageTask stage, ValidationClips clips, LabelMap labels)
    {
        int same = stage.Datasets.Select(input => input.Name).ToList().IndexOf(clips.Name);
        (int head, IReadOnlyList<int> outputs) = labels.Find(clips.Classes, like: same) ?? throw new TaskFailedException(
            ExitCodes.BadSpec,
            $"The validation set '{clips.Name}' has other classes than the data sets of stage '{stage.Name}': with labelSpace {stage.LabelSpace} " +
            (stage.LabelSpace == LabelSpace.ByName ? "each of its class names must be one of theirs. " : "its list of classes must be that of one of them. ") +
            "Validate on another split of a data set that trains.");
        return new ClassificationMeasure(clips, head, outputs);
    }
}
