using Ppma.Learning.Models;
using Ppma.Learning.Optimization;
using Ppma.Learning.Precision;
using static TorchSharp.torch;

namespace Ppma.Learning.Tests.Optimization;

public sealed class WeightUpdateTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(0.01)]
    [InlineData(1e6)]
    public void Apply_ScaledLoss_UpdatesAsTheLossItself(double clipNorm)
    {
        using var scope = NewDisposeScope();
        var (plain, norm) = Updated(clipNorm, scaler: null);
        using var scaler = new GradientScaler(CPU);
        var (scaled, scaledNorm) = Updated(clipNorm, scaler);

        Assert.Equal(norm, scaledNorm, norm * 1e-5);
        Assert.All(plain, weight => Assert.True(weight.Value.allclose(scaled[weight.Key], 1e-5, 1e-7), weight.Key));
    }

    [Fact]
    public void Apply_ClippedGradients_UpdatesAsTorchsOwnClipping()
    {
        using var scope = NewDisposeScope();
        using var model = Model();
        using var optimizer = TinyModels.Optimizer(model);
        for (int step = 0; step < 2; step++)
        {
            Loss(model, step).backward();
            nn.utils.clip_grad_norm_(model.Parameters.Values, 0.01);
            optimizer.Step();
            optimizer.ZeroGradients();
        }

        var (clipped, norm) = Updated(clipNorm: 0.01, scaler: null);

        Assert.True(norm > 0.02, $"{norm} is hardly clipped");
        Assert.All(clipped, weight => Assert.True(weight.Value.allclose(model.Parameters[weight.Key], 1e-5, 1e-7), weight.Key));
    }

    /// <summary>Weights after two steps, and the norm of the second's gradients.</summary>
    private static (IReadOnlyDictionary<string, Tensor> Weights, float Norm) Updated(double clipNorm, GradientScaler? scaler)
    {
        using var model = Model();
        using var optimizer = TinyModels.Optimizer(model);
        var update = new WeightUpdate(optimizer, scaler, average: null, clipNorm);
        float norm = 0;
        for (int step = 0; step < 2; step++)
        {
            Tensor loss = Loss(model, step);
            update.Backward(loss);
            norm = update.Apply(loss.detach()).item<float>();
        }

        return (model.Parameters.ToDictionary(parameter => parameter.Key, parameter => parameter.Value.detach().clone()), norm);
    }

    // The second loss is a hundred times the first: moments then tell whether gradients were clipped.
    private static Tensor Loss(VideoClassifier model, int step) => model.Forward(TinyModels.Video()).square().sum() * (step == 0 ? 1 : 100);

    private static VideoClassifier Model() => new(TinyModels.Options, classes: 2, seed: 0);
}
