namespace Ppma.Datasets.Stores;

/// <summary>Names of files inside a data set.</summary>
internal static class BlobName
{
    /// <summary>Relative, with forward slashes, no segment that leaves the folder, no control characters.</summary>
    public static bool IsSafe(string name) =>
        name.Length is > 0 and <= 1024
        && !name.Any(character => char.IsControl(character) || character is '\\' or ':')
        && name.Split('/').All(segment => segment is not ("" or "." or ".."));
}
