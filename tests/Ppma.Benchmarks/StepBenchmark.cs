using System.Diagnostics;
using System.Globalization;
using Ppma.Learning.Costs;
using Ppma.Learning.Interop;
using Ppma.Learning.Models;
using Ppma.Learning.Objectives;
using Ppma.Learning.Optimization;
using Ppma.Learning.Precision;
using static TorchSharp.torch;

namespace Ppma.Benchmarks;

/// <summary>
/// Seconds of one MAE training step of ViT-B, split in forward, backward and optimiser, beside the rate at which the same machine
/// multiplies matrices of the same shapes, measured in turn with the steps. <c>--one-thread</c> counts processor time of one thread
/// instead, which means something on a busy machine too.
/// </summary>
internal static class StepBenchmark
{
    private const int Batch = 2;
    private const int Repeats = 7;

    public static int Run(string[] args)
    {
        LibTorchSelfTest.Run();
        bool oneThread = args.Contains("--one-thread");
        Func<double> clock = oneThread
            ? () => Environment.CpuUsage.UserTime.TotalSeconds
            : () => Stopwatch.GetTimestamp() / (double)Stopwatch.Frequency;
        int threads = oneThread ? 1 : 2;
        set_num_threads(threads);
        var options = new VisionTransformerOptions();
        var work = StepFlops.Of(new StepWork { Model = options, Batch = Batch, MaskedTokens = options.Tokens - Visible(options) });
        Print($"ViT-B, MAE, batch {Batch}, {Visible(options)} of {options.Tokens} tokens visible");
        Print($"threads: {threads}, {(oneThread ? "processor" : "wall")} time, median of {Repeats} steps after a first");
        Print($"floating-point operations of a step: {work.Useful / 1e9:f0} G = forward {work.Forward / 1e9:f0} G + backward {work.Backward / 1e9:f0} G");
        Print($"  (matrix products and attention; backward twice the forward, without the gradient of the input; nothing recomputed)");

        using var model = new MaskedAutoencoder(options, seed: 0);
        using var optimizer = new FusedAdamW(ParameterGroups.Of(model, weightDecay: 0.05), new AdamWOptions { Beta2 = 0.95 });
        optimizer.SetLearningRate(1e-4);
        using var video = randn([Batch, 3, options.Frames, options.Size, options.Size]);
        using var mask = TokenMask.FromFlags(Flags(options), Batch);
        foreach (var precision in Enum.GetValues<ComputePrecision>())
        {
            Measure(model, optimizer, video, mask, precision, work, clock);
        }

        using var process = Process.GetCurrentProcess();
        Print($"peak resident memory {process.PeakWorkingSet64 / 1e9:f1} GB");
        return 0;
    }

    private static void Measure(
        MaskedAutoencoder model, FusedAdamW optimizer, Tensor video, TokenMask mask, ComputePrecision precision, StepFlops work, Func<double> clock)
    {
        var steps = new List<StepTime>();
        var rates = new List<double>();
        for (int repeat = 0; repeat <= Repeats; repeat++)
        {
            var step = Step(model, optimizer, video, mask, precision, clock);
            double rate = MatrixRate(model.Options, precision, clock);
            if (repeat > 0)
            {
                steps.Add(step);
                rates.Add(rate);
            }
        }

        double machine = Median(rates);
        double seconds = Median(steps.Select(step => step.All));
        double reached = work.Useful / seconds / 1e9;
        double forward = Median(steps.Select(step => step.Forward));
        double backward = Median(steps.Select(step => step.Backward));
        double update = Median(steps.Select(step => step.Update));
        Print($"{precision}: {seconds:f3} s a step (forward {forward:f3}, backward {backward:f3}, optimiser {update:f3})");
        Print($"  {reached:f0} GFLOP/s = {reached / machine:p0} of the machine's own {machine:f0} GFLOP/s in matrix products of these shapes");
    }

    private static StepTime Step(
        MaskedAutoencoder model, FusedAdamW optimizer, Tensor video, TokenMask mask, ComputePrecision precision, Func<double> clock)
    {
        using var scope = NewDisposeScope();
        double start = clock();
        optimizer.ZeroGradients();
        Tensor loss;
        using (Autocast.Begin(video.device, precision))
        {
            loss = MaskedReconstruction.Loss(model.Forward(video, mask), video, model.Options, mask);
        }

        double forward = clock() - start;
        loss.backward();
        double backward = clock() - start;
        optimizer.Step();
        double all = clock() - start;
        return new StepTime(forward, backward - forward, all - backward);
    }

    /// <summary>GFLOP/s of the two products a step is mostly made of: the first layer of the MLP in the encoder and in the decoder.</summary>
    private static double MatrixRate(VisionTransformerOptions options, ComputePrecision precision, Func<double> clock)
    {
        (long Rows, long Inner)[] shapes = [(Batch * Visible(options), options.Dim), (Batch * options.Tokens, options.DecoderDim)];
        double operations = 0;
        double seconds = 0;
        foreach (var (rows, inner) in shapes)
        {
            using var scope = NewDisposeScope();
            var type = precision == ComputePrecision.BFloat16 ? ScalarType.BFloat16 : ScalarType.Float32;
            var left = randn([rows, inner], dtype: type);
            var right = randn([inner, 4 * inner], dtype: type);
            var product = mm(left, right);
            double start = clock();
            for (int i = 0; i < 10; i++)
            {
                product.addmm_(left, right, beta: 0, alpha: 1);
            }

            seconds += clock() - start;
            operations += 10 * 2.0 * rows * inner * 4 * inner;
        }

        return operations / seconds / 1e9;
    }

    private static int Visible(VisionTransformerOptions options) => Flags(options).AsSpan(0, options.Tokens).Count(false);

    /// <summary>90 % masked, spread evenly.</summary>
    private static bool[] Flags(VisionTransformerOptions options) =>
        [.. Enumerable.Range(0, Batch * options.Tokens).Select(token => token % options.Tokens % 10 != 0)];

    private static double Median(IEnumerable<double> values)
    {
        var ordered = values.Order().ToList();
        return ordered[ordered.Count / 2];
    }

    private static void Print(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));

    private sealed record StepTime(double Forward, double Backward, double Update)
    {
        public double All => Forward + Backward + Update;
    }
}
