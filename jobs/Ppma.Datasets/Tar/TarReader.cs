using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Ppma.Datasets.Stores;

namespace Ppma.Datasets.Tar;

/// <summary>
/// Lists the regular files of a tar by reading headers alone. Reads ustar, pax (<c>path</c> and <c>size</c>, also from
/// global headers) and GNU (long names, base-256 sizes); links, folders and devices are passed over.
/// </summary>
internal static class TarReader
{
    private const int LongestRecord = 1 << 20;

    /// <summary>Members in the order of the file.</summary>
    /// <exception cref="DatasetFormatException">The file is no whole tar.</exception>
    public static async IAsyncEnumerable<TarMember> ReadAsync(
        IBlobStore store, string shard, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        long length = (await store.GetFactsAsync(shard, cancellationToken).ConfigureAwait(false)).Length;
        var block = new byte[TarHeader.BlockBytes];
        var global = new Dictionary<string, string>(StringComparer.Ordinal);
        var local = new Dictionary<string, string>(StringComparer.Ordinal);
        for (long position = 0; position < length;)
        {
            if (length - position < TarHeader.BlockBytes)
            {
                throw Broken(store, shard, position, "the file ends inside a header");
            }

            await store.ReadAsync(shard, position, block, cancellationToken).ConfigureAwait(false);
            if (!block.AsSpan().ContainsAnyExcept((byte)0))
            {
                yield break;
            }

            if (!TarHeader.HasValidChecksum(block) || !TarHeader.TryReadSize(block, out long size))
            {
                throw Broken(store, shard, position, "no tar header where one is due");
            }

            byte type = TarHeader.TypeOf(block);
            long data = position + TarHeader.BlockBytes;
            bool describesNext = type is (byte)'x' or (byte)'g' or (byte)'L' or (byte)'K';
            if (!describesNext && Find(local, global, "size") is { } recorded
                && !long.TryParse(recorded, NumberStyles.None, CultureInfo.InvariantCulture, out size))
            {
                throw Broken(store, shard, position, $"the pax size '{recorded}' is no number");
            }

            if (size > length - data)
            {
                throw Broken(store, shard, position, $"a member of {size} bytes reaches beyond the end of the file");
            }

            if (describesNext)
            {
                if (size > LongestRecord)
                {
                    throw Broken(store, shard, position, $"an extended header of {size} bytes");
                }

                var text = new byte[size];
                await store.ReadAsync(shard, data, text, cancellationToken).ConfigureAwait(false);
                if (type == 'L')
                {
                    local["path"] = Encoding.UTF8.GetString(text.AsSpan().TrimEnd((byte)0));
                }
                else if (type != 'K' && !TryReadPax(text, type == 'x' ? local : global))
                {
                    throw Broken(store, shard, position, "an extended header that cannot be read");
                }
            }
            else
            {
                // Before ustar, a folder was a file whose name ends in a slash.
                string name = Find(local, global, "path") ?? TarHeader.NameOf(block);
                if (type is (byte)'0' or 0 or (byte)'7' && !name.EndsWith('/'))
                {
                    yield return new TarMember(name, data, size);
                }

                local.Clear();
            }

            position = data + TarHeader.Padded(size);
        }
    }

    private static string? Find(Dictionary<string, string> local, Dictionary<string, string> global, string name) =>
        local.GetValueOrDefault(name) ?? global.GetValueOrDefault(name);

    /// <summary>Records of the form <c>length keyword=value\n</c>, where length counts the whole record.</summary>
    private static bool TryReadPax(ReadOnlySpan<byte> text, Dictionary<string, string> fields)
    {
        while (text.Length > 0)
        {
            int space = text.IndexOf((byte)' ');
            if (space < 1
                || !int.TryParse(text[..space], NumberStyles.None, CultureInfo.InvariantCulture, out int recordBytes)
                || recordBytes <= space + 1 || recordBytes > text.Length || text[recordBytes - 1] != '\n')
            {
                return false;
            }

            ReadOnlySpan<byte> record = text[(space + 1)..(recordBytes - 1)];
            int equals = record.IndexOf((byte)'=');
            if (equals < 1)
            {
                return false;
            }

            fields[Encoding.UTF8.GetString(record[..equals])] = Encoding.UTF8.GetString(record[(equals + 1)..]);
            text = text[recordBytes..];
        }

        return true;
    }

    private static DatasetFormatException Broken(IBlobStore store, string shard, long position, string problem) => new(
        DatasetFault.Malformed, store.Locate(shard), $"{problem} (byte {position})", "Copy or pack the shard again");
}
