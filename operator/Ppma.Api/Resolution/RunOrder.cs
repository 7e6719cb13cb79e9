using Ppma.Api.Evaluation;
using Ppma.Api.Manifests;
using Ppma.Api.Pretraining;

namespace Ppma.Api.Resolution;

/// <summary>The order in which the runs of a valid set can run: each after those whose weights it starts from.</summary>
public static class RunOrder
{
    /// <returns>PretrainRuns, then EvalRuns; as they were written wherever nothing else is asked for.</returns>
    public static IReadOnlyList<Manifest> Of(ManifestSet set)
    {
        var order = new List<Manifest>();
        foreach (var manifest in set.Manifests.Where(manifest => manifest.Resource is PretrainRun))
        {
            Visit(manifest, set, order, []);
        }

        return [.. order, .. set.Manifests.Where(manifest => manifest.Resource is EvalRun)];
    }

    private static void Visit(Manifest manifest, ManifestSet set, List<Manifest> order, HashSet<Manifest> above)
    {
        if (order.Contains(manifest) || !above.Add(manifest))
        {
            return;
        }

        foreach (var earlier in RunReferences.Of(manifest.Resource).Select(source => set.Find<PretrainRun>(manifest.Namespace, source.Name)).OfType<Manifest>())
        {
            Visit(earlier, set, order, above);
        }

        order.Add(manifest);
    }
}
