using Ppma.Learning.Checkpoints;
using Ppma.Learning.Costs;
using Ppma.Learning.Models;

namespace Ppma.Learning.Tests.Checkpoints;

public sealed class WeightsShapeTests
{
    [Fact]
    public void Of_ViTB_GivesEveryNumberButThoseOfHeads()
    {
        var shape = WeightsShape.Of(Shapes(ModelLayout.OfMaskedAutoencoder(new())));
        Assert.Equal(WeightsKind.MaskedAutoencoder, shape!.Kind);
        Assert.Equal(new VisionTransformerOptions { Heads = 1, DecoderHeads = 1 }, shape.Model);
    }

    [Fact]
    public void Of_Classifier_GivesItsOutputs()
    {
        var shape = WeightsShape.Of(Shapes(ModelLayout.OfClassifier(TinyModels.Options, classes: 5)));
        Assert.Equal((WeightsKind.Classifier, 5), (shape!.Kind, Assert.Single(shape.Classes)));
        Assert.Equal(TinyModels.Options.Tokens, shape.Model!.Tokens);
        Assert.Equal((TinyModels.Options.Dim, TinyModels.Options.Depth), (shape.Model.Dim, shape.Model.Depth));
    }

    [Fact]
    public void Of_AdaptiveAverage_HasNoModelOfItsOwn()
    {
        var shape = WeightsShape.Of(Shapes(ModelLayout.OfAdaptiveAverage(TinyModels.Options, classes: 5, members: 2, scorePerTensor: false)));
        Assert.Equal(WeightsKind.AdaptiveAverage, shape!.Kind);
        Assert.Null(shape.Model);
    }

    [Fact]
    public void Of_NamesOfAnotherModel_IsNull() =>
        Assert.Null(WeightsShape.Of(new Dictionary<string, IReadOnlyList<long>> { ["layer1.0.conv1.weight"] = [64, 64, 3, 3] }));

    private static Dictionary<string, IReadOnlyList<long>> Shapes(ModelLayout layout) =>
        layout.Parameters.Concat(layout.Tables).ToDictionary(tensor => tensor.Name, tensor => tensor.Shape);
}
