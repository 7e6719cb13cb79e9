namespace Ppma.Cli.Explaining;

/// <summary>What a set of manifests comes to.</summary>
/// <param name="Manifests">As the person named them.</param>
/// <param name="Assumptions">What the estimates suppose.</param>
/// <param name="Tasks">In the order in which they can run.</param>
internal sealed record Explanation(string Manifests, CostAssumptions Assumptions, IReadOnlyList<ExplainedTask> Tasks);
