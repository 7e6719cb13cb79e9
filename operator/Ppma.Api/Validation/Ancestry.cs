using Ppma.Api.Manifests;
using Ppma.Api.Pretraining;
using Ppma.Api.Resolution;

namespace Ppma.Api.Validation;

/// <summary>The runs that a run's weights go back to.</summary>
internal static class Ancestry
{
    /// <summary>The run and all those before it, each once, nearest first; missing ones end a line, and so does a cycle.</summary>
    public static IReadOnlyList<PretrainRun> Of(PretrainRun run, string @namespace, ManifestSet set)
    {
        var found = new List<PretrainRun> { run };
        for (var i = 0; i < found.Count; i++)
        {
            found.AddRange(Sources(found[i], @namespace, set).Except(found));
        }

        return found;
    }

    /// <summary>A shortest chain from one run back to another, both ends included; empty where there is none.</summary>
    public static IReadOnlyList<PretrainRun> Chain(PretrainRun from, PretrainRun to, string @namespace, ManifestSet set)
    {
        var chains = new Queue<List<PretrainRun>>([[from]]);
        var seen = new HashSet<PretrainRun>();
        while (chains.TryDequeue(out var chain))
        {
            if (ReferenceEquals(chain[^1], to))
            {
                return chain;
            }

            foreach (var next in Sources(chain[^1], @namespace, set).Where(seen.Add))
            {
                chains.Enqueue([.. chain, next]);
            }
        }

        return [];
    }

    private static IEnumerable<PretrainRun> Sources(PretrainRun run, string @namespace, ManifestSet set) => RunReferences.Of(run)
        .Select(source => set.Find<PretrainRun>(@namespace, source.Name)?.Resource)
        .OfType<PretrainRun>();
}
