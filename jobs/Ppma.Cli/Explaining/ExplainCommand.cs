using System.CommandLine;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Ppma.Api.Manifests;
using Ppma.Api.Resolution;
using Ppma.Api.Tasks;
using Ppma.Api.Validation;
using Ppma.Cli.Running;
using Ppma.Datasets.Metrics;
using Ppma.Worker.Data;

namespace Ppma.Cli.Explaining;

/// <summary><c>ppma explain -f FILE|DIR</c>: every number that the manifests resolve to, and what it costs, before anything starts.</summary>
internal sealed class ExplainCommand : Command
{
    private readonly Option<string[]> _manifests = new("--file", "-f")
    {
        Description = "A manifest, or a folder of manifests that belong together; several make one set.", HelpName = "FILE|DIR", Required = true, AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<string> _data = new("--data")
    {
        Description = "Where data sets with a URI like file:NAME lie; read only where a manifest does not say what to expect.",
        HelpName = "DIR",
        DefaultValueFactory = _ => "data",
    };

    private readonly Option<double?> _tflops = new("--tflops")
    {
        Description = "TFLOP/s that the device reaches on matrix products; by default those of an A100, by precision.", HelpName = "N",
    };

    private readonly Option<double> _upload = new("--upload-mbps")
    {
        Description = "Megabits a second to the store of the artifacts.", HelpName = "N", DefaultValueFactory = _ => new CostAssumptions().UploadMegabitsPerSecond,
    };

    private readonly Option<bool> _json = new("--json") { Description = "Write JSON." };

    private ExplainCommand()
        : base("explain", "Print what manifests resolve to: steps, rates, memory, FLOPs, checkpoints.")
    {
        foreach (Option option in (Option[])[_manifests, _data, _tflops, _upload, _json])
        {
            Options.Add(option);
        }

        _tflops.Validators.Add(result => RequirePositive("--tflops", result.GetValueOrDefault<double?>(), result.AddError));
        _upload.Validators.Add(result => RequirePositive("--upload-mbps", result.GetValueOrDefault<double>(), result.AddError));
        SetAction(RunAsync);
    }

    public static Command Create() => new ExplainCommand();

    private static void RequirePositive(string option, double? value, Action<string> addError)
    {
        if (value is not (null or > 0 and < double.PositiveInfinity))
        {
            addError(FormattableString.Invariant($"{option} is {value}; it must be above 0."));
        }
    }

    private async Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        string[] paths = parse.GetRequiredValue(_manifests);
        string named = string.Join(' ', paths);
        TextWriter error = parse.InvocationConfiguration.Error;
        ManifestSet set = await ReadAsync(paths, cancellationToken);
        await RequireNoneAsync(ManifestValidator.Validate(set), named, error);

        string dataFolder = Path.GetFullPath(parse.GetRequiredValue(_data));
        var reader = new DatasetReader(
            new DataPlane(DataPlaneOptions.Parse(Environment.GetEnvironmentVariable), new StreamMetrics(), TimeProvider.System, NullLoggerFactory.Instance),
            dataFolder);
        var assumptions = new CostAssumptions { Tflops = parse.GetValue(_tflops), UploadMegabitsPerSecond = parse.GetValue(_upload) };
        var settings = new ResolutionSettings
        {
            DataRoot = dataFolder, OutputRoot = Path.GetFullPath("runs"), MachineThreads = Environment.ProcessorCount, TrustOnFirstUse = true,
        };
        var explainer = new SetExplainer(set, reader, settings, assumptions);
        IReadOnlyList<ExplainedTask> tasks = await explainer.ExplainAsync(cancellationToken);
        await RequireNoneAsync(explainer.Problems, named, error);
        var explanation = new Explanation(named, assumptions, tasks);
        TextWriter output = parse.InvocationConfiguration.Output;
        if (parse.GetValue(_json))
        {
            await output.WriteLineAsync(Encoding.UTF8.GetString(TaskJson.Serialize(explanation)));
        }
        else
        {
            await ExplanationText.WriteAsync(explanation, output);
        }

        return ExitCodes.Done;
    }

    private static async Task<ManifestSet> ReadAsync(IEnumerable<string> paths, CancellationToken cancellationToken)
    {
        var sets = new List<ManifestSet>();
        foreach (string path in paths)
        {
            sets.Add(await ManifestFiles.ReadAsync(path, cancellationToken));
        }

        return new ManifestSet([.. sets.SelectMany(set => set.Manifests)], [.. sets.SelectMany(set => set.Problems)]);
    }

    private static async Task RequireNoneAsync(IReadOnlyCollection<ManifestProblem> problems, string manifests, TextWriter error)
    {
        foreach (ManifestProblem problem in problems)
        {
            await error.WriteLineAsync(problem.ToString());
        }

        if (problems.Count > 0)
        {
            throw new TaskFailedException(ExitCodes.BadSpec, $"{manifests}: {problems.Count} {(problems.Count == 1 ? "problem" : "problems")}.");
        }
    }
}
