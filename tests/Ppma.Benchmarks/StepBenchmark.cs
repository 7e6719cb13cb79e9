using System.Diagnostics;
using System.Globalization;
using Ppma.Learning.Models;
using Ppma.Learning.Objectives;
using Ppma.Learning.Optimization;
using static TorchSharp.torch;

namespace Ppma.Benchmarks;

/// <summary>Seconds of one MAE training step of ViT-B, split in forward, backward and optimiser.</summary>
internal static class StepBenchmark
{
    private const int Batch = 2;
    private const int Threads = 2;
    private const int Repeats = 5;

    public static int Run(string[] args)
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        set_num_threads(Threads);
        var options = new VisionTransformerOptions();
        using var model = new MaskedAutoencoder(options, seed: 0);
        using var optimizer = new FusedAdamW(ParameterGroups.Of(model, weightDecay: 0.05), new AdamWOptions { Beta2 = 0.95 });
        optimizer.SetLearningRate(1e-4);
        using var video = randn([Batch, 3, options.Frames, options.Size, options.Size]);
        using var mask = TokenMask.FromFlags(Flags(options.Tokens), Batch);
        var steps = Enumerable.Range(0, Repeats + 1).Select(_ => Step(model, optimizer, video, mask)).Skip(1).ToList();
        double forward = Median(steps.Select(step => step.Forward));
        double backward = Median(steps.Select(step => step.Backward));
        double update = Median(steps.Select(step => step.Update));
        Console.WriteLine($"float32: {forward + backward + update:f3} s = forward {forward:f3} + backward {backward:f3} + optimiser {update:f3}");
        return 0;
    }

    private static (double Forward, double Backward, double Update) Step(MaskedAutoencoder model, FusedAdamW optimizer, Tensor video, TokenMask mask)
    {
        using var scope = NewDisposeScope();
        optimizer.ZeroGradients();
        long start = Stopwatch.GetTimestamp();
        var loss = MaskedReconstruction.Loss(model.Forward(video, mask), video, model.Options, mask);
        double forward = Stopwatch.GetElapsedTime(start).TotalSeconds;
        loss.backward();
        double backward = Stopwatch.GetElapsedTime(start).TotalSeconds;
        optimizer.Step();
        double all = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return (forward, backward - forward, all - backward);
    }

    /// <summary>90 % masked, spread evenly.</summary>
    private static bool[] Flags(int tokens) => [.. Enumerable.Range(0, Batch * tokens).Select(token => token % tokens % 10 != 0)];

    private static double Median(IEnumerable<double> seconds) => seconds.Order().ElementAt(Repeats / 2);
}
