using Ppma.Api;
using Ppma.Controllers;

namespace Ppma.Operator.Runs;

/// <summary>Runs by what they name, so that what changes wakes exactly those that wait for it.</summary>
internal static class RunIndexes
{
    /// <summary>Index of runs by the VideoDatasets that they name.</summary>
    public const string ByDataset = "dataset";

    /// <summary>Index of runs by the PretrainRuns that they name.</summary>
    public const string ByRun = "run";

    /// <summary>The value under which something of this name in that namespace is found.</summary>
    public static string Value(string? @namespace, string name) => new ObjectKey(@namespace ?? "", name).ToString();

    public static IEnumerable<string> Datasets(IResource run) =>
        RunInputs.Datasets(run).Select(use => Value(run.Metadata.NamespaceProperty, use.Name));

    public static IEnumerable<string> Runs(IResource run) =>
        RunInputs.Runs(run).Select(use => Value(run.Metadata.NamespaceProperty, use.Name));
}
