using Ppma.Api;
using Ppma.Api.Manifests;
using Ppma.Api.Resolution;
using Ppma.Cli.Running;

namespace Ppma.Cli.Explaining;

/// <summary>A valid set of manifests into explained tasks, after looking at the data where the manifests leave its size open.</summary>
internal sealed class SetExplainer(ManifestSet set, DatasetReader reader, string dataFolder, CostAssumptions assumptions)
{
    /// <summary>What has to be changed before the runs can be explained.</summary>
    public List<ManifestProblem> Problems { get; } = [];

    public async Task<IReadOnlyList<ExplainedTask>> ExplainAsync(CancellationToken cancellationToken)
    {
        (Dictionary<ResourceKey, DatasetFacts> read, List<ManifestProblem> problems) = await reader.ReadAsync(RunPlanner.UsedDatasets(set), cancellationToken);
        Problems.AddRange(problems);
        var settings = new ResolutionSettings
        {
            DataRoot = dataFolder, OutputRoot = Path.GetFullPath("runs"), MachineThreads = Environment.ProcessorCount, TrustOnFirstUse = true,
        };
        var runs = new RunExplainer(set, settings, read.ToDictionary(entry => entry.Key, entry => (entry.Value, "counted in its index")), assumptions);
        IReadOnlyList<ExplainedTask> tasks = problems.Count > 0 ? [] : runs.Explain();
        Problems.AddRange(runs.Problems);
        return tasks;
    }
}
