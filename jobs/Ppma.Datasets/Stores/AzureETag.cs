namespace Ppma.Datasets.Stores;

/// <summary>Headers put quotes around an ETag; an index, a list of blobs and a person do not. Ours have none.</summary>
internal static class AzureETag
{
    public static string Bare(string eTag) => eTag is ['"', .. string inner, '"'] ? inner : eTag;

    /// <summary>As headers spell it. A weak one says so before its quotes, and stays.</summary>
    public static string Quote(string eTag) => eTag.EndsWith('"') ? eTag : $"\"{eTag}\"";
}
