using System.Globalization;
using System.IO.Hashing;
using System.Security.Cryptography;
using System.Text;

namespace Ppma.Datasets.Packing.Sources;

/// <summary>Everything that is packed, in the order of packing.</summary>
public sealed class SourceSet
{
    internal SourceSet(IReadOnlyList<string> classes, IEnumerable<PackSource> sources, int ignoredFiles = 0)
    {
        Classes = classes;
        IgnoredFiles = ignoredFiles;
        Sources =
        [
            .. sources
                .GroupBy(source => source.Split, StringComparer.Ordinal)
                .OrderBy(split => split.Key, StringComparer.Ordinal)
                .SelectMany(split => Mixed(split).Select((source, number) => source with { Key = KeyOf(source.Split, number) })),
        ];
    }

    /// <summary>Class names; empty where the samples have no labels.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>
    /// Split by split. In a split the order is that of a hash of the path, so that a shard holds samples of all classes whatever
    /// order the folders and lists have: training shuffles between shards of one block only.
    /// </summary>
    public IReadOnlyList<PackSource> Sources { get; }

    /// <summary>Files of the folder that are neither videos nor frames.</summary>
    public int IgnoredFiles { get; }

    /// <summary>SHA-256 over what the sources are, as far as names, labels and sizes show it; the same on every machine.</summary>
    public string Digest() => Digest(withStamps: false);

    /// <summary>SHA-256 that also changes when a source is written again.</summary>
    internal string StampedDigest() => Digest(withStamps: true);

    private static string KeyOf(string split, int number) => string.Create(CultureInfo.InvariantCulture, $"{split}-{number:D8}");

    private static IEnumerable<PackSource> Mixed(IEnumerable<PackSource> sources) => sources
        .OrderBy(source => XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(source.RelativePath)))
        .ThenBy(source => source.RelativePath, StringComparer.Ordinal);

    private string Digest(bool withStamps)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (PackSource source in Sources)
        {
            string stamp = withStamps ? source.Stamp.ToString(CultureInfo.InvariantCulture) : "";
            hash.AppendData(Encoding.UTF8.GetBytes(string.Create(
                CultureInfo.InvariantCulture, $"{source.Split}\0{source.RelativePath}\0{source.Kind}\0{source.Label}\0{source.Bytes}\0{stamp}\n")));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
