using System.Globalization;
using Ppma.Learning.Models;
using TorchSharp.Modules;

namespace Ppma.Learning.Optimization;

/// <summary>Who decays and who learns slower, by published name.</summary>
public static class ParameterGroups
{
    /// <summary>Groups of the parameters that are not frozen, in the model's order.</summary>
    /// <param name="model">The model.</param>
    /// <param name="weightDecay">For everything but biases and norms, which have none.</param>
    /// <param name="layerDecay">Factor a layer, counted from the head (1) down to the patch embedding (depth + 2); 1 for none.</param>
    /// <param name="scores">Schedule of an adaptive average's scores; null where they follow that of all.</param>
    public static IReadOnlyList<ParameterGroup> Of(VideoModel model, double weightDecay, double layerDecay = 1, RateSchedule? scores = null)
    {
        bool hasSeveralHeads = model.TrainableParameters.Select(parameter => HeadOf(parameter.Key)).OfType<string>().Distinct().Count() > 1;
        return
        [
            .. model.TrainableParameters
                .GroupBy(parameter => (
                    Settings: Settings(parameter.Key, model.Options.Depth, weightDecay, layerDecay),
                    Head: hasSeveralHeads ? HeadOf(parameter.Key) : null,
                    Schedule: parameter.Key == TrunkNames.MixingRatio ? scores : null))
                .Select(group => new ParameterGroup(group.Key.Settings.WeightDecay, group.Key.Settings.RateFactor, group, group.Key.Head)
                {
                    Schedule = group.Key.Schedule,
                }),
        ];
    }

    /// <summary>Weight decay and rate factor of one parameter of a trunk of <paramref name="depth"/> blocks.</summary>
    public static (double WeightDecay, double RateFactor) Settings(string name, int depth, double weightDecay, double layerDecay) =>
        (IsBiasOrNorm(name) ? 0 : weightDecay, Math.Pow(layerDecay, depth + 2 - Layer(name, depth)));

    /// <summary>The named parameters alone, with a decay and a factor of the caller's choice.</summary>
    public static ParameterGroup Single(
        IEnumerable<KeyValuePair<string, Parameter>> parameters, double weightDecay, double rateFactor = 1) =>
        new(weightDecay, rateFactor, parameters);

    /// <summary>The head that a parameter belongs to, <c>heads.n</c>; null for the trunk.</summary>
    private static string? HeadOf(string name) =>
        name.StartsWith(TrunkNames.Heads, StringComparison.Ordinal) ? name[..name.IndexOf('.', TrunkNames.Heads.Length)] : null;

    private static bool IsBiasOrNorm(string name) =>
        name.EndsWith(".bias", StringComparison.Ordinal) ||
        name.Split('.').Any(part => part.StartsWith("norm", StringComparison.Ordinal));

    private static int Layer(string name, int depth)
    {
        if (name.StartsWith(TrunkNames.PatchEmbedding, StringComparison.Ordinal))
        {
            return 0;
        }

        return name.StartsWith(TrunkNames.Blocks, StringComparison.Ordinal)
            ? 1 + int.Parse(name[TrunkNames.Blocks.Length..].Split('.')[0], CultureInfo.InvariantCulture)
            : depth + 1;
    }
}
