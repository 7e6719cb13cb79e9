using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Ppma.Datasets.Stores;

namespace Ppma.Datasets.Tar;

/// <summary>
/// Lists the regular files of a tar by reading headers alone. Reads ustar, pax (<c>path</c> and <c>size</c>, also from
/// global headers) and GNU (long names, base-256 sizes). Links, folders and devices are passed over; sparse files are refused,
/// because their bytes are not in one piece.
/// </summary>
internal static class TarReader
{
    private const int LongestRecord = 1 << 20;

    /// <summary>Members in the order of the file.</summary>
    /// <param name="file">The tar. Between two members the caller may read from it too.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="DatasetFormatException">The file is no whole tar.</exception>
    /// <exception cref="StoreException">It cannot be read.</exception>
    public static async IAsyncEnumerable<TarMember> ReadAsync(
        FileWindow file, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var global = new Dictionary<string, string>(StringComparer.Ordinal);
        var local = new Dictionary<string, string>(StringComparer.Ordinal);
        for (long position = 0; position < file.Length;)
        {
            if (file.Length - position < TarHeader.BlockBytes)
            {
                throw Broken(file, position, "the file ends inside a header");
            }

            ReadOnlyMemory<byte> block = await file.ReadAsync(position, TarHeader.BlockBytes, cancellationToken).ConfigureAwait(false);
            if (!block.Span.ContainsAnyExcept((byte)0))
            {
                yield break;
            }

            if (!TarHeader.HasValidChecksum(block.Span) || !TarHeader.TryReadSize(block.Span, out long size))
            {
                throw Broken(file, position, "no tar header where one is due");
            }

            byte type = TarHeader.TypeOf(block.Span);
            long data = position + TarHeader.BlockBytes;
            bool describesNext = type is (byte)'x' or (byte)'g' or (byte)'L' or (byte)'K';
            if (!describesNext && Find(local, global, "size") is { } recorded
                && !long.TryParse(recorded, NumberStyles.None, CultureInfo.InvariantCulture, out size))
            {
                throw Broken(file, position, $"the pax size '{recorded}' is no number");
            }

            // Links, devices and folders have no data, whatever their size field says.
            if (type is >= (byte)'1' and <= (byte)'6')
            {
                size = 0;
            }

            if (size > file.Length - data)
            {
                throw Broken(file, position, $"a member of {size} bytes reaches beyond the end of the file");
            }

            if (describesNext)
            {
                await DescribeNextAsync(file, type, data, size, type == 'g' ? global : local, cancellationToken).ConfigureAwait(false);
            }
            else
            {
                string name = Find(local, global, "path") ?? TarHeader.NameOf(block.Span);
                if (type == 'S' || local.Keys.Any(field => field.StartsWith("GNU.sparse.", StringComparison.Ordinal)))
                {
                    throw new DatasetFormatException(
                        DatasetFault.Malformed,
                        file.Location,
                        $"'{local.GetValueOrDefault("GNU.sparse.name") ?? name}' is stored as a sparse file, whose bytes are not in one piece (byte {position})",
                        "Write the tar again without --sparse");
                }

                // Before ustar, a folder was a file whose name ends in a slash.
                if (type is (byte)'0' or 0 or (byte)'7' && !name.EndsWith('/'))
                {
                    yield return new TarMember(name, data, size);
                }

                local.Clear();
            }

            position = data + TarHeader.Padded(size);
        }
    }

    private static async Task DescribeNextAsync(
        FileWindow file, byte type, long data, long size, Dictionary<string, string> fields, CancellationToken cancellationToken)
    {
        long position = data - TarHeader.BlockBytes;
        if (size > LongestRecord)
        {
            throw Broken(file, position, $"an extended header of {size} bytes");
        }

        ReadOnlyMemory<byte> text = await file.ReadAsync(data, (int)size, cancellationToken).ConfigureAwait(false);
        if (type == 'L')
        {
            fields["path"] = Encoding.UTF8.GetString(text.Span.TrimEnd((byte)0));
        }
        else if (type != 'K' && !PaxRecords.TryRead(text.Span, fields))
        {
            throw Broken(file, position, "an extended header that cannot be read");
        }
    }

    private static string? Find(Dictionary<string, string> local, Dictionary<string, string> global, string name) =>
        local.GetValueOrDefault(name) ?? global.GetValueOrDefault(name);

    private static DatasetFormatException Broken(FileWindow file, long position, string problem) => new(
        DatasetFault.Malformed, file.Location, $"{problem} (byte {position})", "Copy or pack the shard again");
}
