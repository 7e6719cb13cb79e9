using System.Globalization;

namespace Ppma.Controllers.Caching;

/// <summary>A resourceVersion as what it is: the revision of the store, which only grows, over all objects of a resource (KEP-5504).</summary>
internal readonly record struct ResourceVersion(ulong Revision) : IComparable<ResourceVersion>
{
    public static ResourceVersion Parse(string? text) =>
        ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var revision)
            ? new ResourceVersion(revision)
            : throw new FormatException($"resourceVersion '{text}' is no whole number: this API server's versions cannot be ordered, which its conformance (KEP-5504) demands");

    public int CompareTo(ResourceVersion other) => Revision.CompareTo(other.Revision);

    public override string ToString() => Revision.ToString(CultureInfo.InvariantCulture);

    public static bool operator <(ResourceVersion left, ResourceVersion right) => left.Revision < right.Revision;

    public static bool operator >(ResourceVersion left, ResourceVersion right) => left.Revision > right.Revision;

    public static bool operator <=(ResourceVersion left, ResourceVersion right) => left.Revision <= right.Revision;

    public static bool operator >=(ResourceVersion left, ResourceVersion right) => left.Revision >= right.Revision;
}
