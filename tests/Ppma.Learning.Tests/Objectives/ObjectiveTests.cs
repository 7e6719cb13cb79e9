using Ppma.Learning.Objectives;
using static TorchSharp.torch;

namespace Ppma.Learning.Tests.Objectives;

public sealed class ObjectiveTests
{
    [Fact]
    public void Loss_PredictingTheMean_IsOne()
    {
        using var scope = NewDisposeScope();
        using var mask = TinyModels.Mask();
        var nothing = zeros(2, 6, TinyModels.Options.PatchValues);
        double loss = MaskedReconstruction.Loss(nothing, TinyModels.Video(), TinyModels.Options, mask).item<float>();

        // The unbiased variance divides by n - 1 where the mean square divides by n: (128 - 1) / 128 for 2 x 8 x 8 pixels.
        Assert.Equal(127.0 / 128, loss, 1e-3);
    }

    [Fact]
    public void Loss_PredictingTheTargets_IsZero()
    {
        using var scope = NewDisposeScope();
        using var mask = TinyModels.Mask();
        var video = TinyModels.Video();
        var targets = MaskedReconstruction.Targets(video, TinyModels.Options, mask.Masked).flatten(2);
        Assert.Equal(0, MaskedReconstruction.Loss(targets, video, TinyModels.Options, mask).item<float>());
    }

    [Fact]
    public void Paint_TheTargetsThemselves_GivesTheVideoBack()
    {
        using var scope = NewDisposeScope();
        using var mask = TinyModels.Mask();
        var video = TinyModels.Video();
        var every = arange(TinyModels.Options.Tokens, dtype: ScalarType.Int64).expand(2, -1);
        var targets = MaskedReconstruction.Targets(video, TinyModels.Options, every).flatten(2);
        var painted = Reconstruction.Paint(targets, video, TinyModels.Options, mask);

        Assert.True(painted.Reconstructed.allclose(painted.Original, 1e-4, 1e-5));
        Assert.Equal(6.0 / 8, painted.Mask.mean().item<float>(), 1e-6);
        Assert.True((painted.Original * (1 - painted.Mask)).allclose(painted.Visible, 0, 0));
    }

    [Fact]
    public void Targets_Smoothing_SpreadsItEvenlyAndSumsToOne()
    {
        using var scope = NewDisposeScope();
        var targets = SoftCrossEntropy.Targets(tensor(new long[] { 1 }), classes: 4, smoothing: 0.1);
        Assert.True(targets.allclose(tensor(new[] { 0.025f, 0.925f, 0.025f, 0.025f }).unsqueeze(0)));
    }
}
