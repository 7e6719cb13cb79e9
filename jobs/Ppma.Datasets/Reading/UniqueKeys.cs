using System.IO.Hashing;
using System.Text;
using Ppma.Datasets.Indexing;

namespace Ppma.Datasets.Reading;

/// <summary>Finds keys that occur twice. Keeps 128-bit hashes instead of the keys: 16 bytes a sample.</summary>
internal sealed class UniqueKeys
{
    private readonly HashSet<UInt128> _seen = [];

    /// <exception cref="DatasetFormatException">A key was there before.</exception>
    public void Add(OffsetTable table, string file)
    {
        _seen.EnsureCapacity(_seen.Count + table.Count);
        for (int sample = 0; sample < table.Count; sample++)
        {
            if (!_seen.Add(XxHash128.HashToUInt128(table.KeyOf(sample))))
            {
                throw new DatasetFormatException(
                    DatasetFault.Malformed,
                    file,
                    $"the key '{Encoding.UTF8.GetString(table.KeyOf(sample))}' (sample {sample}) occurs twice in the data set",
                    "Pack the data set again with keys that differ");
            }
        }
    }
}
