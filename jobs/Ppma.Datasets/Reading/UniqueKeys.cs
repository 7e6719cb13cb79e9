using System.IO.Hashing;
using System.Text;
using Ppma.Datasets.Indexing;

namespace Ppma.Datasets.Reading;

/// <summary>Finds keys that occur twice. Keeps 128-bit hashes instead of the keys: about 40 bytes a sample.</summary>
internal sealed class UniqueKeys
{
    private readonly Dictionary<UInt128, (int File, int Sample)> _seen = [];
    private readonly List<string> _files = [];

    /// <exception cref="DatasetFormatException">A key was there before; the message names both places.</exception>
    public void Add(OffsetTable table, string file)
    {
        _files.Add(file);
        _seen.EnsureCapacity(_seen.Count + table.Count);
        for (int sample = 0; sample < table.Count; sample++)
        {
            UInt128 hash = XxHash128.HashToUInt128(table.KeyOf(sample));
            if (!_seen.TryAdd(hash, (_files.Count - 1, sample)))
            {
                (int first, int firstSample) = _seen[hash];
                throw new DatasetFormatException(
                    DatasetFault.Malformed,
                    file,
                    $"the key '{Encoding.UTF8.GetString(table.KeyOf(sample))}' occurs twice in the data set: sample {sample} here, sample {firstSample} of {_files[first]}",
                    "Pack the data set again with keys that differ");
            }
        }
    }
}
