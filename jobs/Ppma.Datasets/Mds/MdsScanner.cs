using System.Globalization;
using Ppma.Datasets.Scanning;
using Ppma.Datasets.Stores;

namespace Ppma.Datasets.Mds;

/// <summary>Finds the samples of an MDS shard. Keys of samples without one are left empty, because they count over the whole split.</summary>
internal static class MdsScanner
{
    private const int LongestTextBytes = 1 << 16;

    /// <exception cref="DatasetFormatException">The file is no MDS shard, or has not exactly one column for the video.</exception>
    public static async Task<List<ScannedSample>> ScanAsync(FileWindow file, string? videoColumn, CancellationToken cancellationToken)
    {
        MdsShard shard = await MdsShard.OpenAsync(file, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<MdsColumn> columns = shard.Columns;
        int video = VideoOf(file, columns, videoColumn);
        int key = Find(columns, ["key", "__key__", "id"], column => column.IsText || column.IsInteger);
        int label = Find(columns, ["label", "cls", "class"], column => column.IsInteger);
        int className = Find(columns, ["class", "label", "cls"], column => column.IsText);

        var samples = new List<ScannedSample>(shard.Count);
        for (int i = 0; i < shard.Count; i++)
        {
            (long Offset, int Length)[] values = await shard.LocateAsync(i, cancellationToken).ConfigureAwait(false);
            string sampleKey = await ReadAsync(key).ConfigureAwait(false) ?? "";
            string? labelText = await ReadAsync(label).ConfigureAwait(false);
            if (values[video].Length == 0)
            {
                throw Wrong($"sample {i} has no bytes in its column '{columns[video].Name}'", "Write the data set again without it");
            }

            samples.Add(new ScannedSample(
                sampleKey,
                values[video].Offset,
                values[video].Length,
                labelText is null ? null : LabelOf(labelText, i),
                await ReadAsync(className).ConfigureAwait(false)));

            async ValueTask<string?> ReadAsync(int column)
            {
                if (column < 0)
                {
                    return null;
                }

                (long offset, int length) = values[column];
                if (length > LongestTextBytes)
                {
                    throw Wrong($"sample {i} has {length} bytes in its column '{columns[column].Name}'; at most {LongestTextBytes} are read", "Write the data set again");
                }

                ReadOnlyMemory<byte> value = await file.ReadAsync(offset, length, cancellationToken).ConfigureAwait(false);
                return columns[column].IsText
                    ? MdsColumn.ReadText(value.Span)
                    : columns[column].ReadInteger(value.Span)?.ToString(CultureInfo.InvariantCulture)
                        ?? throw Wrong($"sample {i} has no readable number in its column '{columns[column].Name}' ({columns[column].Encoding})", "Write the data set again");
            }
        }

        return samples;

        int LabelOf(string text, int sample) => int.TryParse(text, CultureInfo.InvariantCulture, out int number)
            ? number
            : throw Wrong($"sample {sample} has the label {text}", "Labels count classes from 0");

        DatasetFormatException Wrong(string problem, string fix) => new(DatasetFault.Malformed, file.Location, problem, fix);
    }

    private static int VideoOf(FileWindow file, IReadOnlyList<MdsColumn> columns, string? videoColumn)
    {
        int[] candidates = [.. Enumerable.Range(0, columns.Count).Where(i => columns[i].IsBytes && (videoColumn is null || columns[i].Name == videoColumn))];
        int[] named = [.. candidates.Where(i => VideoColumns.IsVideoName(columns[i].Name))];
        return (candidates.Length, named.Length) switch
        {
            (1, _) => candidates[0],
            (_, 1) => named[0],
            _ => throw new DatasetFormatException(
                DatasetFault.Malformed,
                file.Location,
                $"which column holds the video is not clear; there are {string.Join(", ", columns.Select(column => $"{column.Name} ({column.Encoding})"))}",
                "Name the column, whose encoding has to be 'bytes'"),
        };
    }

    /// <summary>The first of the names that is a column of the right kind; −1 where there is none.</summary>
    private static int Find(IReadOnlyList<MdsColumn> columns, string[] names, Func<MdsColumn, bool> isRight) => names
        .SelectMany(name => Enumerable.Range(0, columns.Count).Where(i => columns[i].Name == name && isRight(columns[i])))
        .FirstOrDefault(-1);
}
