using Ppma.Benchmarks;
using Ppma.Benchmarks.Operating;
using Ppma.Benchmarks.Steps;
using Ppma.Benchmarks.Streaming;

// One command a file; each prints what it measured and the machine's own rate beside it.
var commands = new Dictionary<string, Func<string[], int>>
{
    ["step"] = StepBenchmark.Run,
    ["gpu"] = GpuBenchmark.Run,
    ["decode"] = DecodeBenchmark.Run,
    ["motion"] = MotionCheck.Run,
    ["stream"] = StreamBenchmark.Run,
    ["operator"] = OperatorBenchmark.Run,
};

if (args.Length > 0 && commands.TryGetValue(args[0], out var command))
{
    return command(args[1..]);
}

Console.Error.WriteLine($"usage: dotnet run -c Release --project tests/Ppma.Benchmarks -- {string.Join('|', commands.Keys)}");
return 64;
