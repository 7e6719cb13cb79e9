using Ppma.Learning.Checkpoints;
using Ppma.Learning.Models;
using Ppma.Learning.Objectives;
using static TorchSharp.torch;

namespace Ppma.Parity.Tests.Learning;

public sealed class VideoClassifierTests(ITestOutputHelper output)
{
    public static TheoryData<string> Files => GoldenFolder.Files("classifier-*.safetensors");

    [Theory]
    [MemberData(nameof(Files))]
    public void Forward_GoldenState_GivesFeaturesLogitsAndLosses(string name)
    {
        using var scope = NewDisposeScope();
        using var golden = GoldenModel.Read(name);
        using var model = Load(golden);
        var video = golden["input.video"];
        var logits = model.Forward(video);
        var hard = SoftCrossEntropy.Targets(golden["input.label"], golden.Classes);

        var deviation = new Deviation(output);
        deviation.Add("features", golden["expect.features"], model.Features(video));
        deviation.Add("logits", golden["expect.logits"], logits);
        deviation.Add("loss", golden["expect.loss"], SoftCrossEntropy.Loss(logits, golden["input.soft_target"]).reshape(1));
        deviation.Add("hard_loss", golden["expect.hard_loss"], SoftCrossEntropy.Loss(logits, hard).reshape(1));
        deviation.Check(name);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Backward_SoftTargets_GivesEveryGradient(string name)
    {
        using var scope = NewDisposeScope();
        using var golden = GoldenModel.Read(name);
        using var model = Load(golden);
        SoftCrossEntropy.Loss(model.Forward(golden["input.video"]), golden["input.soft_target"]).backward();

        var gradients = golden.Under("grad.");
        Assert.Equal(gradients.Keys.Order(StringComparer.Ordinal), model.Parameters.Keys.Order(StringComparer.Ordinal));
        var deviation = new Deviation(output);
        foreach (var (parameter, gradient) in gradients)
        {
            deviation.Add(parameter, gradient, model.Parameters[parameter].grad!);
        }

        deviation.Check(name);
    }

    private static VideoClassifier Load(GoldenModel golden)
    {
        var model = new VideoClassifier(golden.Options, golden.Classes, seed: 0);
        ModelWeights.Load(model, golden.Under("state."));
        return model;
    }
}
