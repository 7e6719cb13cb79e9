using Ppma.Learning.Precision;
using static TorchSharp.torch;

namespace Ppma.Learning.Tests.Precision;

public sealed class GradientScalerTests
{
    [Fact]
    public void Update_GoodAndBadUpdates_FollowsTorchsRules()
    {
        using var scope = NewDisposeScope();
        using var scaler = new GradientScaler(CPU, growthInterval: 3);
        Tensor good = zeros(1), bad = ones(1);

        var scales = new List<float>();
        foreach (Tensor update in (Tensor[])[good, good, good, bad, good, good, bad, good, good, good])
        {
            scaler.Update(update);
            scales.Add(scaler.Scale.item<float>());
        }

        const float first = 65536;
        Assert.Equal([first, first, 2 * first, first, first, first, first / 2, first / 2, first / 2, first], scales);
    }
}
