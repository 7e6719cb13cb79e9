using System.Text.Json;

namespace Ppma.Api.Datasets;

/// <summary>The class names of a data set, where only their equality matters.</summary>
public static class ClassNames
{
    /// <summary>SHA-256 (hex) over the names as a canonical JSON list: equal digests, equal names in equal order.</summary>
    public static string Digest(IEnumerable<string> names) =>
        CanonicalJson.Digest(CanonicalJson.Write(JsonSerializer.SerializeToElement(names)));
}
