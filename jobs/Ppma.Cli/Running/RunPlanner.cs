using Microsoft.Extensions.Logging.Abstractions;
using Ppma.Api;
using Ppma.Api.Datasets;
using Ppma.Api.Evaluation;
using Ppma.Api.Manifests;
using Ppma.Api.Pretraining;
using Ppma.Api.Resolution;
using Ppma.Api.Tasks;
using Ppma.Api.Validation;
using Ppma.Datasets.Metrics;
using Ppma.Worker.Data;

namespace Ppma.Cli.Running;

/// <summary>From manifest files to a plan, with every problem said before anything starts.</summary>
internal static class RunPlanner
{
    /// <param name="options">What was asked for.</param>
    /// <param name="error">Problems and warnings, a line each.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="TaskFailedException">64 after all problems were written.</exception>
    public static async Task<RunPlan> PlanAsync(RunOptions options, TextWriter error, CancellationToken cancellationToken)
    {
        ManifestSet set = await ManifestFiles.ReadAsync(options.Manifests, cancellationToken);
        await RequireNoneAsync(ManifestValidator.Validate(set), options, error);

        var settings = new ResolutionSettings
        {
            DataRoot = options.DataFolder,
            OutputRoot = options.OutputFolder,
            MachineThreads = options.Threads,
            TrustOnFirstUse = true,
        };
        var reader = new DatasetReader(
            new DataPlane(options.Data, new StreamMetrics(), TimeProvider.System, NullLoggerFactory.Instance), options.DataFolder);
        (Dictionary<ResourceKey, DatasetFacts> datasets, List<ManifestProblem> problems) = await reader.ReadAsync(UsedDatasets(set), cancellationToken);
        await RequireNoneAsync(problems, options, error);

        var warned = new HashSet<string>(StringComparer.Ordinal);
        var plan = new RunPlan(set, settings, datasets, options.Fresh, warning =>
        {
            if (warned.Add(warning))
            {
                error.WriteLine($"ppma: warning: {warning}");
            }
        });
        await RequireNoneAsync(plan.Problems, options, error);
        return plan.Tasks.Count > 0
            ? plan
            : throw new TaskFailedException(ExitCodes.BadSpec, $"{options.Manifests}: no PretrainRun and no EvalRun, so there is nothing to run.");
    }

    internal static IEnumerable<Manifest> UsedDatasets(ManifestSet set)
    {
        HashSet<ResourceKey> used = [.. set.Manifests.SelectMany(UsedDatasets)];
        return set.Manifests.Where(manifest => manifest.Resource is VideoDataset && used.Contains(manifest.Key));
    }

    private static IEnumerable<ResourceKey> UsedDatasets(Manifest manifest) => manifest.Resource switch
    {
        PretrainRun run => run.Spec.Stages
            .SelectMany(stage => stage.Datasets.Select(use => use.Name).Append(stage.Validation?.Dataset?.Name))
            .OfType<string>()
            .Select(name => new ResourceKey(manifest.Namespace, name)),
        EvalRun { Spec.Dataset: { } dataset } => [new ResourceKey(manifest.Namespace, dataset.Name)],
        _ => [],
    };

    private static async Task RequireNoneAsync(IReadOnlyCollection<ManifestProblem> problems, RunOptions options, TextWriter error)
    {
        foreach (ManifestProblem problem in problems)
        {
            await error.WriteLineAsync(problem.ToString());
        }

        if (problems.Count > 0)
        {
            throw new TaskFailedException(
                ExitCodes.BadSpec, $"{options.Manifests}: {problems.Count} {(problems.Count == 1 ? "problem" : "problems")}; nothing was started.");
        }
    }
}
