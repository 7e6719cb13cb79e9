using System.Text.RegularExpressions;
using Ppma.Learning.Checkpoints;
using Ppma.Learning.Models;
using Ppma.Learning.Objectives;
using Ppma.Learning.Optimization;
using static TorchSharp.torch;

namespace Ppma.Parity.Tests.Learning;

public sealed partial class MaskedAutoencoderTests(ITestOutputHelper output)
{
    public static TheoryData<string> Files => GoldenFolder.Files("mae-*.safetensors");

    [Theory]
    [MemberData(nameof(Files))]
    public void Forward_GoldenState_GivesTokensPredictionsTargetsAndLoss(string name)
    {
        using var scope = NewDisposeScope();
        using var golden = GoldenModel.Read(name);
        using var model = Load(golden);
        using var mask = TokenMask.FromTensor(golden["input.mask"]);
        var video = golden["input.video"];
        var every = arange(golden.Options.Tokens, dtype: int64).expand(video.shape[0], -1);

        var deviation = new Deviation(output);
        deviation.Add("encoder_tokens", golden["expect.encoder_tokens"], model.Encode(video, mask));
        deviation.Add("pred", golden["expect.pred"], model.Reconstruct(video, mask));
        deviation.Add("patches", golden["expect.patches"], MaskedReconstruction.Pixels(video, golden.Options, every));
        deviation.Add("loss", golden["expect.loss"], Loss(model, video, mask).reshape(1));
        deviation.Check(name);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Backward_GoldenState_GivesEveryGradient(string name)
    {
        using var scope = NewDisposeScope();
        using var golden = GoldenModel.Read(name);
        using var model = Load(golden);
        using var mask = TokenMask.FromTensor(golden["input.mask"]);
        Loss(model, golden["input.video"], mask).backward();

        var gradients = golden.Under("grad.");
        Assert.Equal(gradients.Keys.Order(StringComparer.Ordinal), model.Parameters.Keys.Order(StringComparer.Ordinal));
        var deviation = new Deviation(output);
        foreach (var (parameter, gradient) in gradients)
        {
            deviation.Add(parameter, gradient, model.Parameters[parameter].grad!);
        }

        deviation.Check(name);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Step_SameBatch_GivesGoldenLossesAndParameters(string name)
    {
        using var scope = NewDisposeScope();
        using var golden = GoldenModel.Read(name);
        using var model = Load(golden);
        using var mask = TokenMask.FromTensor(golden["input.mask"]);
        var recipe = Recipe.Of(golden.About);
        using var optimizer = new FusedAdamW(
            ParameterGroups.Of(model, recipe.WeightDecay), new AdamWOptions { Beta1 = recipe.Beta1, Beta2 = recipe.Beta2 });
        optimizer.SetLearningRate(recipe.Rate);

        var losses = golden["expect.losses"];
        var ours = new List<float>();
        for (int step = 0; step < losses.shape[0]; step++)
        {
            optimizer.ZeroGradients();
            var loss = Loss(model, golden["input.video"], mask);
            ours.Add(loss.item<float>());
            loss.backward();
            optimizer.Step();
        }

        var deviation = new Deviation(output);
        deviation.Add("losses", losses, tensor(ours.ToArray()));
        foreach (var (parameter, after) in golden.Under($"after{losses.shape[0]}."))
        {
            deviation.Add(parameter, after, model.Parameters[parameter]);
        }

        deviation.Check(name);
    }

    private static MaskedAutoencoder Load(GoldenModel golden)
    {
        var model = new MaskedAutoencoder(golden.Options, seed: 0);
        ModelWeights.Load(model, golden.Under("state."));
        return model;
    }

    private static Tensor Loss(MaskedAutoencoder model, Tensor video, TokenMask mask) =>
        MaskedReconstruction.Loss(model.Forward(video, mask), video, model.Options, mask);

    /// <summary>The optimiser's numbers as the file's own description gives them, or the paper's where it has none.</summary>
    private sealed partial record Recipe(double Rate, double Beta1, double Beta2, double WeightDecay)
    {
        public static Recipe Of(string about)
        {
            var match = Pattern().Match(about);
            if (about.Length == 0)
            {
                return new Recipe(8e-4, 0.9, 0.95, 0.05);
            }

            Assert.True(match.Success, $"The file's description does not give the optimiser's numbers: '{about}'");
            double Number(string group) => double.Parse(match.Groups[group].Value, System.Globalization.CultureInfo.InvariantCulture);
            return new Recipe(Number("lr"), Number("b1"), Number("b2"), Number("wd"));
        }

        [GeneratedRegex(@"lr (?<lr>[\d.e-]+) betas (?<b1>[\d.]+),\s*(?<b2>[\d.]+) wd (?<wd>[\d.e-]+)")]
        private static partial Regex Pattern();
    }
}
