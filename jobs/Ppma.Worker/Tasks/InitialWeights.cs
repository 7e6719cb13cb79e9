using Ppma.Api.Tasks;
using Ppma.Learning.Checkpoints;
using Ppma.Learning.Models;
using Ppma.Worker.Execution;
using static TorchSharp.torch;

namespace Ppma.Worker.Tasks;

/// <summary>Puts a task's initial weights into its model.</summary>
internal static class InitialWeights
{
    /// <exception cref="TaskFailedException">
    /// 64 when there are none at a URI, or several where one is meant; 65 when they have another digest; 68 when they
    /// cannot be used.
    /// </exception>
    public static void Load(WeightsInput input, VideoModel model, TaskContext context)
    {
        // An adaptive average was made of its members; what it learns begins at nothing.
        if (input.Source == WeightsSource.Random || model is AdaptiveAverage)
        {
            return;
        }

        using var members = EnsembleMembers.Read(input, context);
        WeightSelection selection = Selection(input);
        if (input.Source != WeightsSource.Ensemble)
        {
            ModelWeights.Load(model, members.Only(), selection);
            return;
        }

        using var scope = NewDisposeScope();
        ModelWeights.Load(model, PlainAverage.Of(members.Selected(selection)), selection);
    }

    /// <summary>A model over the members of <see cref="EvaluateTask.Weights"/>, whose shares and head are to be learned.</summary>
    /// <exception cref="TaskFailedException">As <see cref="Load"/>.</exception>
    public static AdaptiveAverage LoadAdaptiveAverage(TaskContext context, EvaluateTask task, int classes)
    {
        using var members = EnsembleMembers.Read(task.Weights, context);
        if (members.Count < 2)
        {
            throw new TaskFailedException(ExitCodes.BadSpec, $"{members.Name} is one model; an adaptive average needs at least two members.");
        }

        using var scope = NewDisposeScope();
        VisionTransformerOptions options = task.Model.ToOptions(task.Optimization.DropPath);
        IReadOnlyList<IReadOnlyDictionary<string, Tensor>> trunks = members.Selected(Selection(task.Weights));
        return new AdaptiveAverage(
            options,
            task.Weights.IncludeNorm ? trunks : [.. trunks.Select(trunk => WithFreshNorm(trunk, options.Dim))],
            classes, context.Task.Seed, task.Weights.ScorePerTensor, TaskDevice.Current);
    }

    private static WeightSelection Selection(WeightsInput input) =>
        input.IncludeNorm ? WeightSelection.TrunkWithNorm : WeightSelection.TrunkWithoutNorm;

    /// <summary>The norm as every model begins with it, where the members' own belongs to another stage.</summary>
    private static Dictionary<string, Tensor> WithFreshNorm(IReadOnlyDictionary<string, Tensor> trunk, int dim) =>
        new(trunk) { ["trunk.norm.weight"] = ones(dim), ["trunk.norm.bias"] = zeros(dim) };
}
