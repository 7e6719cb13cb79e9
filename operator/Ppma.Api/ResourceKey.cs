namespace Ppma.Api;

/// <summary>Which resource of a kind.</summary>
public readonly record struct ResourceKey(string Namespace, string Name);
