namespace Ppma.Learning.Costs;

/// <summary>One tensor of a model that need not exist.</summary>
/// <param name="Name">As published checkpoints spell it.</param>
/// <param name="Shape">Its axes.</param>
public sealed record ModelTensor(string Name, IReadOnlyList<long> Shape)
{
    /// <summary>Numbers in it.</summary>
    public long Elements { get; } = Shape.Aggregate(1L, (product, axis) => checked(product * axis));
}
