using Ppma.Learning.Checkpoints;
using Ppma.Learning.Models;
using static TorchSharp.torch;

namespace Ppma.Learning.Tests.Models;

public sealed class PlainAverageTests
{
    [Fact]
    public void Of_MembersInAnyPrecision_IsTheMeanInFloat32()
    {
        using var scope = NewDisposeScope();
        var mean = PlainAverage.Of([Weights(1, 2), Weights(2, 4), Weights(6, 3, ScalarType.Float16)]);

        Assert.Equal(ScalarType.Float32, mean["a"].dtype);
        Assert.Equal([3f, 3f], mean["a"].data<float>());
    }

    [Fact]
    public void Of_OneMember_IsThatMember()
    {
        using var scope = NewDisposeScope();
        Assert.Equal([0.1f, 1e30f], PlainAverage.Of([Weights(0.1f, 1e30f)])["a"].data<float>());
    }

    [Fact]
    public void Of_MembersThatDiffer_NamesEveryTensorAndMember()
    {
        using var scope = NewDisposeScope();
        Dictionary<string, Tensor> first = new() { ["a"] = zeros(2), ["b"] = zeros(2) };
        Dictionary<string, Tensor> third = new() { ["a"] = zeros(3), ["c"] = zeros(2) };

        var error = Assert.Throws<WeightsMismatchException>(() => PlainAverage.Of([first, first, third]));

        Assert.Equal(3, error.Problems.Count);
        Assert.Contains("missing 'b' in member 3", error.Message, StringComparison.Ordinal);
        Assert.Contains("missing 'c' in member 1", error.Message, StringComparison.Ordinal);
        Assert.Contains("'a' has shape (3) in member 3 and (2) in member 1", error.Message, StringComparison.Ordinal);
    }

    private static Dictionary<string, Tensor> Weights(float one, float other, ScalarType precision = ScalarType.Float32) =>
        new() { ["a"] = tensor([one, other]).to_type(precision) };
}
