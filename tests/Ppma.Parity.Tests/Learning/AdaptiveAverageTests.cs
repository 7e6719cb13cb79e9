using System.Globalization;
using Ppma.Learning.Models;
using Ppma.Learning.Objectives;
using static TorchSharp.torch;

namespace Ppma.Parity.Tests.Learning;

public sealed class AdaptiveAverageTests(ITestOutputHelper output)
{
    public static TheoryData<string> Files => GoldenFolder.Files("adaptive-average-*.safetensors");

    [Theory]
    [MemberData(nameof(Files))]
    public void Forward_GoldenScores_GivesSharesLogitsLossAndGradients(string name)
    {
        using var scope = NewDisposeScope();
        using var golden = GoldenModel.Read(name);
        using var model = Load(golden);
        var logits = model.Forward(golden["input.video"]);
        var loss = SoftCrossEntropy.Loss(logits, SoftCrossEntropy.Targets(golden["input.label"], golden.Classes));
        loss.backward();

        var deviation = new Deviation(output);
        deviation.Add("weights", golden["expect.weights"], model.Shares());
        deviation.Add("logits", golden["expect.logits"], logits);
        deviation.Add("loss", golden["expect.loss"], loss.reshape(1));
        foreach (var (parameter, gradient) in golden.Under("grad."))
        {
            deviation.Add(parameter, gradient, model.Parameters[parameter].grad!);
        }

        deviation.Check(name);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Forward_EqualScoresPerTensor_GivesTheSameLogits(string name)
    {
        using var scope = NewDisposeScope();
        using var golden = GoldenModel.Read(name);
        using var model = Load(golden, perTensor: true);

        var deviation = new Deviation(output);
        deviation.Add("logits", golden["expect.logits"], model.Forward(golden["input.video"]));
        deviation.Check(name);
    }

    private static AdaptiveAverage Load(GoldenModel golden, bool perTensor = false)
    {
        var members = Enumerable.Range(0, (int)golden["input.mixing_ratio"].shape[0])
            .Select(index => golden.Under(string.Create(CultureInfo.InvariantCulture, $"model{index}."))).ToList();
        var model = new AdaptiveAverage(golden.Options, members, golden.Classes, seed: 0, perTensor);
        using var noGradient = no_grad();
        var scores = golden["input.mixing_ratio"];
        model.Parameters["mixing_ratio"].copy_(perTensor ? scores.unsqueeze(1) : scores);
        foreach (var (name, head) in golden.Under("state."))
        {
            model.Parameters[name].copy_(head);
        }

        return model;
    }
}
