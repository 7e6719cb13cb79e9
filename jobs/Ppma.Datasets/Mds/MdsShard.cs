using System.Buffers.Binary;
using System.Text.Json;
using Ppma.Datasets.Stores;

namespace Ppma.Datasets.Mds;

/// <summary>
/// An MDS shard, open for looking where its values lie: <c>u32 n | u32 offset[n+1] | config, JSON | samples</c>, where a sample is the
/// lengths of its columns without a fixed one (u32 each), then the values of all columns. Little-endian; offsets count from the file's begin.
/// </summary>
internal sealed class MdsShard
{
    /// <summary>How the names of such shards end.</summary>
    public const string Extension = ".mds";

    private const int LargestTableBytes = 1 << 28;

    private static readonly JsonSerializerOptions Options = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    private readonly FileWindow _file;
    private readonly uint[] _starts;
    private readonly int _headBytes;

    private MdsShard(FileWindow file, uint[] starts, IReadOnlyList<MdsColumn> columns)
    {
        _file = file;
        _starts = starts;
        _headBytes = sizeof(uint) * columns.Count(column => column.Bytes is null);
        Columns = columns;
    }

    /// <summary>In the order of the values.</summary>
    public IReadOnlyList<MdsColumn> Columns { get; }

    /// <summary>Samples.</summary>
    public int Count => _starts.Length - 1;

    public static bool IsOne(string name) => name.EndsWith(Extension, StringComparison.Ordinal);

    /// <summary>Reads the shard's header.</summary>
    /// <exception cref="DatasetFormatException">The file is no whole MDS shard.</exception>
    /// <exception cref="StoreException">It cannot be read.</exception>
    public static async Task<MdsShard> OpenAsync(FileWindow file, CancellationToken cancellationToken)
    {
        if (file.Length < 2 * sizeof(uint))
        {
            throw Broken(file, $"a file of {file.Length} bytes is no MDS shard");
        }

        uint samples = BinaryPrimitives.ReadUInt32LittleEndian((await file.ReadAsync(0, sizeof(uint), cancellationToken).ConfigureAwait(false)).Span);
        long tableBytes = sizeof(uint) * ((long)samples + 1);
        long config = sizeof(uint) + tableBytes;
        if (config > file.Length || tableBytes > LargestTableBytes)
        {
            throw Broken(file, $"it claims {samples} samples, whose table does not fit in {file.Length} bytes");
        }

        uint[] starts = ReadStarts(file, (await file.ReadAsync(sizeof(uint), (int)tableBytes, cancellationToken).ConfigureAwait(false)).Span, config);
        ReadOnlyMemory<byte> json = await file.ReadAsync(config, (int)(starts[0] - config), cancellationToken).ConfigureAwait(false);
        return new MdsShard(file, starts, ReadColumns(file, json.Span));
    }

    /// <summary>Where the values of a sample lie, by column.</summary>
    /// <exception cref="DatasetFormatException">The values do not fill the sample.</exception>
    public async ValueTask<(long Offset, int Length)[]> LocateAsync(int sample, CancellationToken cancellationToken)
    {
        long position = _starts[sample] + _headBytes;
        if (position > _starts[sample + 1])
        {
            throw Broken(_file, $"sample {sample} ends inside its list of lengths");
        }

        ReadOnlyMemory<byte> head = await _file.ReadAsync(_starts[sample], _headBytes, cancellationToken).ConfigureAwait(false);
        var values = new (long Offset, int Length)[Columns.Count];
        int variable = 0;
        for (int i = 0; i < values.Length; i++)
        {
            uint length = (uint?)Columns[i].Bytes ?? BinaryPrimitives.ReadUInt32LittleEndian(head.Span[(sizeof(uint) * variable++)..]);
            if (position + length > _starts[sample + 1] || length > int.MaxValue)
            {
                throw Broken(_file, $"column '{Columns[i].Name}' of sample {sample} claims {length} bytes, which reach beyond the sample");
            }

            values[i] = (position, (int)length);
            position += length;
        }

        return position == _starts[sample + 1]
            ? values
            : throw Broken(_file, $"the columns of sample {sample} end at byte {position}, the sample at {_starts[sample + 1]}");
    }

    private static uint[] ReadStarts(FileWindow file, ReadOnlySpan<byte> table, long config)
    {
        uint[] starts = new uint[table.Length / sizeof(uint)];
        long before = config;
        for (int i = 0; i < starts.Length; i++)
        {
            starts[i] = BinaryPrimitives.ReadUInt32LittleEndian(table[(i * sizeof(uint))..]);
            if (starts[i] < before)
            {
                throw Broken(file, $"its table of samples goes back at entry {i}, from byte {before} to {starts[i]}");
            }

            before = starts[i];
        }

        return before == file.Length ? starts : throw Broken(file, $"its samples end at byte {before}, the file at {file.Length}");
    }

    private static List<MdsColumn> ReadColumns(FileWindow file, ReadOnlySpan<byte> json)
    {
        Config? config;
        try
        {
            config = JsonSerializer.Deserialize<Config>(json, Options);
        }
        catch (JsonException)
        {
            config = null;
        }

        if (config is not { ColumnNames: { Count: > 0 } names, ColumnEncodings: { } encodings, ColumnSizes: { } sizes }
            || names.Count != encodings.Count || names.Count != sizes.Count || names.Concat(encodings).Contains(null) || sizes.Any(size => size < 0))
        {
            throw Broken(file, "its header does not describe the columns");
        }

        return [.. names.Select((name, i) => new MdsColumn(name!, encodings[i]!, sizes[i]))];
    }

    private static DatasetFormatException Broken(FileWindow file, string problem) =>
        new(DatasetFault.Malformed, file.Location, problem, "Copy the shard again from its source, or write the data set again");

    private sealed record Config(List<string?>? ColumnNames, List<string?>? ColumnEncodings, List<int?>? ColumnSizes);
}
