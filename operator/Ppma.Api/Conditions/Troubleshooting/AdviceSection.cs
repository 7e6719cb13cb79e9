namespace Ppma.Api.Conditions.Troubleshooting;

/// <summary>Reasons that are met at one point of a resource's life.</summary>
internal sealed record AdviceSection(string Title, string About, IReadOnlyList<Advice> Entries);
