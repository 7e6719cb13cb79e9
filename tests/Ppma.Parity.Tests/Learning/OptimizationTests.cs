using System.Text.Json;
using System.Text.RegularExpressions;
using Ppma.Learning.Optimization;

namespace Ppma.Parity.Tests.Learning;

public sealed partial class OptimizationTests
{
    // Peaks of the paper's table; the file gives the curves for each s in its own keys.
    private static readonly Dictionary<string, Func<double, RateSchedule>> Schedules = new()
    {
        ["mae"] = scale => RateSchedule.Mae(1.6e-3, scale),
        ["align"] = scale => RateSchedule.Align(4e-3, scale),
        ["finetune"] = scale => RateSchedule.Align(4e-3, scale),
        ["linear-probe"] = scale => RateSchedule.LinearProbe(16e-3, scale),
        ["adaptive-average-mixing"] = scale => RateSchedule.AdaptiveScores(16e-3, scale),
        ["adaptive-average-head"] = scale => RateSchedule.AdaptiveHead(16e-3, scale),
    };

    private static readonly Dictionary<string, (double WeightDecay, double LayerDecay)> Recipes = new()
    {
        ["mae"] = (0.05, 1),
        ["align"] = (1e-4, 0.75),
        ["fine-tune"] = (1e-4, 0.75),
        ["linear-probe"] = (1e-4, 0.75),
        ["adaptive-average"] = (1e-4, 0.75),
    };

    [Fact]
    public void At_EveryPublishedCurve_GivesItsRates()
    {
        using var golden = GoldenFolder.Json("schedules.json");
        double[] shares = [.. golden.RootElement.GetProperty("where").EnumerateArray().Select(share => share.GetDouble())];
        var curves = golden.RootElement.EnumerateObject().Where(property => property.Name.Contains("/s=", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(curves);
        foreach (var curve in curves)
        {
            var parts = curve.Name.Split("/s=");
            var schedule = Schedules[parts[0]](double.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture));
            var rates = curve.Value.EnumerateArray().Select(rate => rate.GetDouble()).ToList();
            Assert.Equal(shares.Length, rates.Count);
            Assert.All(shares.Zip(rates), pair => AssertClose(pair.Second, schedule.At(pair.First), $"{curve.Name} at {pair.First}"));
        }
    }

    [Fact]
    public void Settings_LayerDecay_GivesEveryPublishedFactor()
    {
        using var golden = GoldenFolder.Json("schedules.json");
        var tables = golden.RootElement.EnumerateObject().Where(property => property.Name.StartsWith("layer_decay_", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(tables);
        foreach (var table in tables)
        {
            double decay = Number(table.Name["layer_decay_".Length..]);
            foreach (var depth in table.Value.EnumerateObject())
            {
                int blocks = (int)Number(depth.Name["depth=".Length..]);
                Assert.All(depth.Value.EnumerateObject(), parameter => AssertClose(
                    parameter.Value.GetDouble(), ParameterGroups.Settings(parameter.Name, blocks, 0.1, decay).RateFactor, parameter.Name));
            }
        }
    }

    [Fact]
    public void Settings_EveryRecipe_GivesDecayAndFactorOfEveryParameter()
    {
        using var golden = GoldenFolder.Json("parameter-groups.json");
        var recipes = golden.RootElement.EnumerateObject().Where(property => property.Value.ValueKind == JsonValueKind.Object).ToList();
        Assert.NotEmpty(recipes);
        foreach (var recipe in recipes)
        {
            // The adaptive average lists no block of its trunk; its factors do not depend on the depth.
            int depth = 1 + recipe.Value.EnumerateObject().Select(parameter => BlockIndex().Match(parameter.Name))
                .Where(match => match.Success).Select(match => (int)Number(match.Groups[1].Value)).DefaultIfEmpty(0).Max();
            foreach (var (weightDecay, layerDecay) in recipe.Name.Split(", ").Select(name => Recipes[name]))
            {
                Assert.All(recipe.Value.EnumerateObject(), parameter =>
                {
                    var settings = ParameterGroups.Settings(parameter.Name, depth, weightDecay, layerDecay);
                    AssertClose(parameter.Value[0].GetDouble(), settings.WeightDecay, parameter.Name);
                    AssertClose(parameter.Value[1].GetDouble(), settings.RateFactor, parameter.Name);
                });
            }
        }
    }

    private static void AssertClose(double expected, double actual, string what) =>
        Assert.True(Math.Abs(actual - expected) <= 1e-9 * Math.Abs(expected) + 1e-18, $"{what}: {actual:r}, not {expected:r}");

    private static double Number(string text) => double.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^trunk\.blocks\.(\d+)\.")]
    private static partial Regex BlockIndex();
}
