using System.ComponentModel.DataAnnotations;
using System.Reflection;

namespace Ppma.Api.Schemas;

/// <summary>How long a text and how large a number may be, from the attributes of a property. Null: no bound.</summary>
internal sealed record Bounds(int? MinLength, int? MaxLength, string? Pattern, double? Minimum, double? Maximum)
{
    // 2^63: a number that large is one that a range leaves open.
    private const double Open = long.MaxValue;

    /// <summary>Of the property's own value.</summary>
    public static Bounds Of(PropertyInfo property)
    {
        var range = property.GetCustomAttribute<RangeAttribute>();
        return new(
            property.GetCustomAttribute<RequiredAttribute>() is null ? null : 1,
            property.GetCustomAttribute<MaxLengthAttribute>()?.Length,
            property.GetCustomAttribute<RegularExpressionAttribute>()?.Pattern,
            range is null ? null : Convert.ToDouble(range.Minimum, null),
            range is null ? null : Closed(Convert.ToDouble(range.Maximum, null)));
    }

    /// <summary>Of each item or value of the list or map that the property holds.</summary>
    public static Bounds OfItems(PropertyInfo property) => property.GetCustomAttribute<ItemsAttribute>() is not { } items
        ? new(null, null, null, null, null)
        : new(null, items.MaxLength == 0 ? null : items.MaxLength, items.Pattern, items.Minimum, Closed(items.Maximum));

    private static double? Closed(double maximum) => maximum >= Open ? null : maximum;
}
