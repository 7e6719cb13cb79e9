using System.Text.Json;
using Ppma.Learning.Costs;
using Ppma.Learning.Models;

namespace Ppma.Parity.Tests.Learning;

/// <summary>Names and shapes of ViT-B, the default of <see cref="VisionTransformerOptions"/>.</summary>
public sealed class NamesAndShapesTests
{
    private const string File = "vit-base-state-dict.json";
    private const int Classes = 150;

    [Fact]
    public void State_MaskedAutoencoder_HasPublishedNamesAndShapes()
    {
        using var golden = GoldenFolder.Json(File);
        using var model = new MaskedAutoencoder(new VisionTransformerOptions(), seed: 0);
        AssertSame(golden.RootElement.GetProperty("mae"), model);
        Assert.Equal(golden.RootElement.GetProperty("parameters").GetProperty("mae_trunk_and_head").GetInt64(), Count(model, _ => true));
    }

    [Fact]
    public void State_VideoClassifier_HasPublishedNamesAndShapes()
    {
        using var golden = GoldenFolder.Json(File);
        using var model = new VideoClassifier(new VisionTransformerOptions(), Classes, seed: 0);
        AssertSame(golden.RootElement.GetProperty("classifier"), model);
        long trunk = Count(model, name => name.StartsWith("trunk.", StringComparison.Ordinal));
        Assert.Equal(golden.RootElement.GetProperty("parameters").GetProperty("classifier_trunk").GetInt64(), trunk);
    }

    [Fact]
    public void Layout_WithoutAModel_HasThePublishedNumberOfParameters()
    {
        using var golden = GoldenFolder.Json(File);
        var counts = golden.RootElement.GetProperty("parameters");
        Assert.Equal(counts.GetProperty("mae_trunk_and_head").GetInt64(), ModelLayout.OfMaskedAutoencoder(new()).ParameterCount);
        long head = (768 * Classes) + Classes;
        Assert.Equal(counts.GetProperty("classifier_trunk").GetInt64(), ModelLayout.OfClassifier(new(), Classes).ParameterCount - head);
    }

    private static void AssertSame(JsonElement expected, VideoModel model)
    {
        var theirs = expected.EnumerateObject().Select(entry => $"{entry.Name} ({string.Join(", ", entry.Value.EnumerateArray().Select(Axis))})");
        var ours = model.State.Select(entry => $"{entry.Key} ({string.Join(", ", entry.Value.shape)})");
        Assert.Equal(theirs.Order(StringComparer.Ordinal), ours.Order(StringComparer.Ordinal));
    }

    private static long Axis(JsonElement axis) => axis.ValueKind == JsonValueKind.String ? Classes : axis.GetInt64();

    private static long Count(VideoModel model, Func<string, bool> which) =>
        model.Parameters.Where(parameter => which(parameter.Key)).Sum(parameter => parameter.Value.numel());
}
