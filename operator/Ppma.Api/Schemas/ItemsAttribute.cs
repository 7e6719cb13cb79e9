namespace Ppma.Api.Schemas;

/// <summary>Bounds of each item of a list, or of each value of a map.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ItemsAttribute : Attribute
{
    /// <summary>Of a text; 0 where items are numbers.</summary>
    public int MaxLength { get; init; }

    /// <summary>A regular expression that a text must match; null for any.</summary>
    public string? Pattern { get; init; }

    /// <summary>Of a number.</summary>
    public double Minimum { get; init; }

    /// <summary>Of a number.</summary>
    public double Maximum { get; init; } = double.MaxValue;
}
