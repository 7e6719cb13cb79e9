using System.Text.Json;
using Ppma.Video.Sampling;

namespace Ppma.Parity.Tests.Video;

/// <summary>Evaluation's clip starts, short-side sizes and crop corners.</summary>
public sealed class SamplingTests
{
    public static TheoryData<string> Files => GoldenFolder.Files("sampling.json");

    [Theory]
    [MemberData(nameof(Files))]
    public void EvaluationStarts_EveryCase_GivesTheGoldenStarts(string name)
    {
        using JsonDocument golden = GoldenFolder.Json(name);
        double clipSeconds = golden.RootElement.GetProperty("clip_seconds").GetDouble();
        Assert.All(golden.RootElement.GetProperty("eval_starts").EnumerateArray(), facts =>
        {
            double[] expected = [.. facts.GetProperty("starts").EnumerateArray().Select(start => start.GetDouble())];
            double[] starts = TemporalSampling.EvaluationStarts(
                facts.GetProperty("duration").GetDouble(), clipSeconds, facts.GetProperty("clips").GetInt32());
            Assert.Equal(expected.Length, starts.Length);
            Assert.All(expected, (start, i) => Assert.Equal(start, starts[i], 1e-9));
        });
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void ThreeCrops_EveryCase_GivesTheGoldenSizesAndCorners(string name)
    {
        using JsonDocument golden = GoldenFolder.Json(name);
        Assert.All(golden.RootElement.GetProperty("spatial").EnumerateArray(), facts =>
        {
            (int height, int width) = SpatialSampling.ScaledSize(
                facts.GetProperty("height").GetInt32(), facts.GetProperty("width").GetInt32(), facts.GetProperty("short_side").GetInt32());
            Assert.Equal(Numbers(facts.GetProperty("scaled")), new[] { height, width });

            int crop = facts.GetProperty("crop").GetInt32();
            int[][] corners = [.. facts.GetProperty("corners").EnumerateArray().Select(Numbers)];
            Assert.Equal(corners.Select(corner => new CropBox(corner[0], corner[1], crop, crop)), SpatialSampling.ThreeCrops(height, width, crop));
        });
    }

    private static int[] Numbers(JsonElement array) => [.. array.EnumerateArray().Select(number => number.GetInt32())];
}
