using System.Globalization;
using System.Net;
using Ppma.Api.Tasks;
using Ppma.Worker.Data;
using Ppma.Worker.Tracking;

namespace Ppma.Worker.Hosting;

/// <summary>What a worker takes from its command line and its environment; everything else is in the task.</summary>
internal sealed record WorkerOptions
{
    public const int DefaultPort = 9464;

    public const string Usage =
        """
        usage: ppma-worker --task FILE [--port N] [--port-file FILE]
               ppma-worker --version

          --task FILE       the task to compute, as JSON
          --port N          port of /metrics, /progress and /healthz (default: PPMA_METRICS_PORT, else 9464; 0: any free one)
          --port-file FILE  where to write the port that was taken
          --version         the versions of this program, .NET, libtorch and FFmpeg
        """;

    public required string TaskFile { get; init; }

    public required int Port { get; init; }

    public string? PortFile { get; init; }

    /// <summary>From 1, raised by whoever starts the task again (<c>PPMA_ATTEMPT</c>).</summary>
    public required int Attempt { get; init; }

    /// <summary>Where the termination message goes; null for nowhere (<c>PPMA_TERMINATION_MESSAGE</c>).</summary>
    public string? TerminationMessageFile { get; init; }

    /// <summary>
    /// Stop when standard input ends (<c>PPMA_STOP_WITH_STDIN=1</c>): whoever started this process holds the other
    /// end, and has died.
    /// </summary>
    public bool StopsWithStandardInput { get; init; }

    /// <summary>Loopback on a laptop; in a pod all addresses, since Prometheus and the operator ask from outside.</summary>
    public required IPAddress Address { get; init; }

    /// <summary>Secrets, cache and memory (<c>PPMA_CREDENTIALS</c>, <c>PPMA_CACHE</c> and others).</summary>
    public required DataPlaneOptions Data { get; init; }

    /// <summary>Teraflops a second that MFU is counted against (<c>PPMA_PEAK_TFLOPS</c>); null goes by the GPU's name.</summary>
    public double? PeakTeraflops { get; init; }

    /// <summary>Which GPUs this process sees (<c>CUDA_VISIBLE_DEVICES</c>); null for all.</summary>
    public string? VisibleDevices { get; init; }

    /// <param name="args">The command line.</param>
    /// <param name="environment">Value of an environment variable, or null.</param>
    /// <exception cref="TaskFailedException">64, naming the option or variable.</exception>
    public static WorkerOptions Parse(IReadOnlyList<string> args, Func<string, string?> environment)
    {
        var given = new Dictionary<string, string>(StringComparer.Ordinal);
        for (int i = 0; i < args.Count; i += 2)
        {
            if (args[i] is not ("--task" or "--port" or "--port-file"))
            {
                throw BadSpec($"Unknown option '{args[i]}'.\n{Usage}");
            }

            if (i + 1 == args.Count)
            {
                throw BadSpec($"Option '{args[i]}' needs a value.\n{Usage}");
            }

            given[args[i]] = args[i + 1];
        }

        return new WorkerOptions
        {
            TaskFile = given.GetValueOrDefault("--task") ?? throw BadSpec($"Option '--task' is missing.\n{Usage}"),
            Port = given.TryGetValue("--port", out string? port)
                ? Number("--port", port, 0, ushort.MaxValue)
                : Number("PPMA_METRICS_PORT", environment("PPMA_METRICS_PORT"), 0, ushort.MaxValue, DefaultPort),
            PortFile = given.GetValueOrDefault("--port-file"),
            Attempt = Number("PPMA_ATTEMPT", environment("PPMA_ATTEMPT"), 1, int.MaxValue, absent: 1),
            TerminationMessageFile = environment("PPMA_TERMINATION_MESSAGE")
                ?? (File.Exists("/dev/termination-log") ? "/dev/termination-log" : null),
            StopsWithStandardInput = environment("PPMA_STOP_WITH_STDIN") == "1",
            Address = environment("KUBERNETES_SERVICE_HOST") is null ? IPAddress.Loopback : IPAddress.Any,
            PeakTeraflops = Teraflops(environment(DevicePeak.Variable)),
            VisibleDevices = environment("CUDA_VISIBLE_DEVICES"),
            Data = DataPlaneOptions.Parse(environment),
        };
    }

    private static int Number(string name, string? text, int least, int most, int absent = 0) =>
        string.IsNullOrEmpty(text) ? absent
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= least && number <= most ? number
        : throw BadSpec($"{name} is '{text}'; it must be a whole number from {least} to {most}.");

    private static double? Teraflops(string? text) =>
        string.IsNullOrEmpty(text) ? null
        : double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number) && number > 0 && double.IsFinite(number) ? number
        : throw BadSpec($"{DevicePeak.Variable} is '{text}'; it must be a number above 0, such as 989.4.");

    private static TaskFailedException BadSpec(string message) => new(ExitCodes.BadSpec, message);
}
