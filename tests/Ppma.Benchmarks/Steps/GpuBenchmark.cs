using System.Diagnostics;
using System.Globalization;
using Ppma.Learning.Interop;
using Ppma.Learning.Models;
using Ppma.Learning.Precision;
using TorchSharp;
using static TorchSharp.torch;

namespace Ppma.Benchmarks.Steps;

/// <summary>
/// On a GPU (<c>gpu/run.sh</c>): float32 parity with the CPU, the attention kernels that run, and bfloat16 steps of ViT-B in turns with
/// PyTorch, eager and compiled. Prints Markdown. <c>--device cpu --tiny</c> runs the same code anywhere.
/// </summary>
internal static class GpuBenchmark
{
    private const double ParityGoal = 1e-4;
    private const double Peak = 989;

    private static readonly VisionTransformerOptions Tiny = new()
    {
        Frames = 8, Size = 64, Dim = 96, Depth = 3, Heads = 4, DecoderDim = 48, DecoderDepth = 2, DecoderHeads = 2,
    };

    public static int Run(string[] args)
    {
        LibTorchSelfTest.Run();
        string device = CommandLine.Value(args, "--device") ?? "cuda";
        if (device == "cuda" && !cuda.is_available())
        {
            Console.Error.WriteLine("gpu: libtorch sees no CUDA device: run gpu/run.sh on a machine with an NVIDIA GPU and a PyTorch built for CUDA, or add --device cpu --tiny.");
            return 69;
        }

        var model = args.Contains("--tiny") ? Tiny : new VisionTransformerOptions();
        int[] batches = [.. (CommandLine.Value(args, "--batches") ?? "32,64").Split(',').Select(batch => int.Parse(batch, CultureInfo.InvariantCulture))];
        int rounds = CommandLine.Count(args, "--rounds") ?? 10;
        double peak = CommandLine.Count(args, "--peak-tflops") ?? Peak;
        Print($"Device: {(device == "cuda" ? Nvidia("name,driver_version,memory.total") : "the CPU")}; libtorch: {Environment.GetEnvironmentVariable("PPMA_LIBTORCH") ?? "the package's"}");
        Print($"");
        bool agrees = Parity(model, device);
        Kernels(model, device);
        using var peer = StepPeer.Find(CommandLine.Value(args, "--python"), threads: Environment.ProcessorCount, processorTime: false);
        Steps(model, device, batches, rounds, peak, peer);
        return agrees ? 0 : 1;
    }

    /// <summary>Loss and gradients of the device and of the CPU from the same weights and batch, in float32.</summary>
    private static bool Parity(VisionTransformerOptions model, string device)
    {
        backends.cuda.matmul.allow_tf32 = false;
        Print($"| float32, {device} against the CPU | loss | largest difference of a gradient | goal |");
        Print($"|---|---|---|---|");
        bool agrees = true;
        foreach (string objective in (string[])[StepShape.Mae, StepShape.Classification])
        {
            using var scope = NewDisposeScope();
            var expected = Gradients(new StepShape(objective, model, Batch: 2));
            var found = Gradients(new StepShape(objective, model, Batch: 2, device));
            var differences = expected.ToDictionary(pair => pair.Key, pair => Difference(found[pair.Key], pair.Value));
            var worst = differences.Where(pair => pair.Key != "loss").MaxBy(pair => pair.Value);
            Print($"| {objective} | {differences["loss"]:g2} | {worst.Value:g2} ({worst.Key}) | {ParityGoal:g} |");
            agrees &= differences.Values.All(difference => difference <= ParityGoal);
        }

        Print($"");
        return agrees;
    }

    private static IReadOnlyDictionary<string, Tensor> Gradients(StepShape shape)
    {
        using var steps = new OurSteps(shape, Seconds);
        return steps.LossAndGradients();
    }

    private static double Difference(Tensor found, Tensor expected)
    {
        using Scalar least = 1e-30.ToScalar();
        return ((found - expected).norm() / expected.norm().clamp_min(least)).item<float>();
    }

    private static void Kernels(VisionTransformerOptions model, string device)
    {
        Print($"| attention kernel | float32 | bfloat16 |");
        Print($"|---|---|---|");
        foreach (var (heads, width) in ((int, int)[])[(model.DecoderHeads, model.DecoderDim / model.DecoderHeads), (model.Heads, model.Dim / model.Heads)])
        {
            Print($"| head width {width} | {Kernel(ScalarType.Float32)} | {Kernel(ScalarType.BFloat16)} |");

            string Kernel(ScalarType type)
            {
                using var scope = NewDisposeScope();
                var tokens = randn([2, heads, model.Tokens, width], dtype: type, device: new Device(device)).requires_grad_();
                return FusedAttention.KernelOf(tokens, tokens, tokens);
            }
        }

        Print($"");
    }

    private static void Steps(VisionTransformerOptions model, string device, int[] batches, int rounds, double peak, StepPeer? peer)
    {
        Print($"bfloat16, synthetic batches, median of {rounds} rounds in turns with {peer?.Description ?? "nobody"}. MFU of {peak:f0} TFLOP/s, goal at least 25 %;");
        Print($"goals of the ratios: at most 1.05 of eager, 1.4 of compiled.");
        Print($"");
        Print($"| | batch | ours | forward, backward, update | MFU | memory | eager | ours / eager | compiled | ours / compiled |");
        Print($"|---|---|---|---|---|---|---|---|---|---|");
        foreach (string objective in (string[])[StepShape.Mae, StepShape.Classification])
        {
            var options = model with { DropPath = objective == StepShape.Mae ? 0 : 0.1 };
            foreach (int batch in batches)
            {
                Row(new StepShape(objective, options, batch, device), rounds, peak, peer);
            }
        }
    }

    private static void Row(StepShape shape, int rounds, double peak, StepPeer? peer)
    {
        List<StepTime> own = [], eager = [], compiled = [];
        string memory;
        using (var ours = new OurSteps(shape, Seconds))
        {
            _ = ours.Step(ComputePrecision.BFloat16);
            _ = ours.Step(ComputePrecision.BFloat16);
            memory = Memory(shape.Device);

            // The peer keeps one model, so eager and compiled are two passes, each in turns with ours.
            Turns(own, eager, () => peer?.Step(shape, ComputePrecision.BFloat16));
            Turns([], compiled, () => peer is { Compiles: true } ? peer.Step(shape, ComputePrecision.BFloat16, compile: true) : null);

            void Turns(List<StepTime> mine, List<StepTime> theirs, Func<StepTime?> other)
            {
                // The first two of the peer choose kernels and, compiled, compile.
                for (int round = -2; round < rounds; round++)
                {
                    var step = ours.Step(ComputePrecision.BFloat16);
                    if (other() is { } answer && round >= 0)
                    {
                        theirs.Add(answer);
                    }

                    if (round >= 0)
                    {
                        mine.Add(step);
                    }
                }
            }
        }

        var median = StepTime.Median(own);
        double utilisation = shape.Flops / median.All / (peak * 1e12);
        Print($"| {shape.Objective} | {shape.Batch} | {1e3 * median.All:f1} ms | {1e3 * median.Forward:f1}, {1e3 * median.Backward:f1}, {1e3 * median.Update:f1} ms | {utilisation:p0} | {memory} | {Cell(eager)} | {Ratio(eager)} | {Cell(compiled)} | {Ratio(compiled)} |");

        static string Cell(List<StepTime> steps) =>
            steps.Count == 0 ? "–" : string.Create(CultureInfo.InvariantCulture, $"{1e3 * StepTime.Median(steps).All:f1} ms");

        string Ratio(List<StepTime> steps) =>
            steps.Count == 0 ? "–" : string.Create(CultureInfo.InvariantCulture, $"{median.All / StepTime.Median(steps).All:f2}");
    }

    /// <summary>Memory in use on the whole GPU, read before the peer has a model there; resident memory on a CPU.</summary>
    private static string Memory(string device) => device == "cuda"
        ? Nvidia("memory.used")
        : string.Create(CultureInfo.InvariantCulture, $"{PeakMemory.Bytes / 1e9:f1} GB");

    private static string Nvidia(string fields)
    {
        using var query = Process.Start(new ProcessStartInfo("nvidia-smi", [$"--query-gpu={fields}", "--format=csv,noheader"])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        })!;
        return query.StandardOutput.ReadToEnd().Trim();
    }

    private static double Seconds() => Stopwatch.GetTimestamp() / (double)Stopwatch.Frequency;

    private static void Print(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
