using System.Diagnostics;
using System.Globalization;
using Ppma.Learning.Interop;
using Ppma.Learning.Models;
using Ppma.Learning.Precision;
using static TorchSharp.torch;

namespace Ppma.Benchmarks.Steps;

/// <summary>
/// Seconds of one training step of ViT-B, split in forward, backward and optimiser. Our float32 and bfloat16 steps, PyTorch's (where
/// a Python has one) and the machine's own matrix products take turns, so that a busy minute harms all alike. <c>--one-thread</c>
/// counts processor time of one thread instead, which means something on a busy machine too.
/// </summary>
internal static class StepBenchmark
{
    private const int Batch = 2;

    public static int Run(string[] args)
    {
        LibTorchSelfTest.Run();
        bool oneThread = args.Contains("--one-thread");
        Func<double> clock = oneThread
            ? () => Environment.CpuUsage.UserTime.TotalSeconds
            : () => Stopwatch.GetTimestamp() / (double)Stopwatch.Frequency;
        int threads = oneThread ? 1 : 2;
        set_num_threads(threads);
        Print($"threads: {threads}, {(oneThread ? "processor" : "wall")} time; load {File.ReadAllText("/proc/loadavg").Trim()}");
        using var peer = StepPeer.Find(CommandLine.Value(args, "--python"), threads, oneThread);
        string? only = CommandLine.Value(args, "--only");
        int? rounds = CommandLine.Count(args, "--rounds");
        if (only is null or StepShape.Mae)
        {
            Measure(new StepShape(StepShape.Mae, new VisionTransformerOptions(), Batch), rounds ?? 7, clock, peer);
        }

        if (only is null or StepShape.Classification)
        {
            var options = new VisionTransformerOptions { DropPath = 0.1 };
            Measure(new StepShape(StepShape.Classification, options, Batch), rounds ?? 3, clock, peer);
        }

        return 0;
    }

    private static void Measure(StepShape shape, int rounds, Func<double> clock, StepPeer? peer)
    {
        PeakMemory.Reset();
        using var ours = new OurSteps(shape, clock);
        Print($"");
        Print($"ViT-B, {shape.Objective}, batch {shape.Batch}: {shape.Flops / 1e9:f0} GFLOP a step; median of {rounds} rounds after a first");
        List<(StepTime Step, double MachineRate)> single = [], half = [];
        List<StepTime> others = [];
        for (int round = 0; round <= rounds; round++)
        {
            var first = (ours.Step(ComputePrecision.Float32), MatrixRate(shape, ScalarType.Float32, clock));
            var other = peer?.Step(shape, ComputePrecision.Float32);
            var second = (ours.Step(ComputePrecision.BFloat16), MatrixRate(shape, ScalarType.BFloat16, clock));
            if (round > 0)
            {
                single.Add(first);
                half.Add(second);
                others.AddRange(other is null ? [] : [other]);
            }
        }

        PrintSteps("float32", shape, single);
        PrintSteps("bfloat16", shape, half);
        PrintRatio("bfloat16 / float32", half.Zip(single, (a, b) => a.Step.All / b.Step.All), goal: 0.6);
        if (peer is not null)
        {
            var step = StepTime.Median(others);
            Print($"  {peer.Description}, float32: {step.All:f3} s (forward {step.Forward:f3}, backward {step.Backward:f3}, optimiser {step.Update:f3})");
            PrintRatio("ours / PyTorch, float32", single.Zip(others, (a, b) => a.Step.All / b.All), goal: 1);
        }

        Print($"  peak resident memory {PeakMemory.Bytes / 1e9:f2} GB (goal: at most 3.6)");
    }

    private static void PrintSteps(string precision, StepShape shape, List<(StepTime Step, double MachineRate)> rounds)
    {
        var step = StepTime.Median([.. rounds.Select(round => round.Step)]);
        double machine = Medians.Of(rounds.Select(round => round.MachineRate));
        double share = Medians.Of(rounds.Select(round => shape.Flops / round.Step.All / 1e9 / round.MachineRate));
        Print($"  {precision}: {step.All:f3} s (forward {step.Forward:f3}, backward {step.Backward:f3}, optimiser {step.Update:f3} = {step.Update / step.All:p1})");
        Print($"    {shape.Flops / step.All / 1e9:f0} GFLOP/s, {share:p0} of the machine's own {machine:f0} GFLOP/s in products of these shapes");
    }

    private static void PrintRatio(string what, IEnumerable<double> rounds, double goal)
    {
        var ratios = rounds.ToList();
        Print($"  {what}: {Medians.Of(ratios):f2} ({ratios.Min():f2} to {ratios.Max():f2}; goal: at most {goal})");
    }

    /// <summary>GFLOP/s of the products a step is mostly made of: the first layer of the MLP, in the encoder and in the decoder.</summary>
    private static double MatrixRate(StepShape shape, ScalarType type, Func<double> clock)
    {
        (long Rows, long Inner)[] shapes = shape.Objective == StepShape.Mae
            ? [(shape.Batch * shape.Visible, shape.Options.Dim), (shape.Batch * shape.Options.Tokens, shape.Options.DecoderDim)]
            : [(shape.Batch * shape.Options.Tokens, shape.Options.Dim)];
        double operations = 0;
        double seconds = 0;
        foreach (var (rows, inner) in shapes)
        {
            using var scope = NewDisposeScope();
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

    private static void Print(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
