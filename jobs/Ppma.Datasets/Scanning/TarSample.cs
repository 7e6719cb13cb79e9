using System.Globalization;
using System.Text;
using System.Text.Json;
using Ppma.Datasets.Stores;
using Ppma.Datasets.Tar;

namespace Ppma.Datasets.Scanning;

/// <summary>One sample of a WebDataset tar while its members go by.</summary>
internal sealed class TarSample(FileWindow file, string key, string? videoColumn)
{
    private const int LargestJsonBytes = 16 << 20;
    private const int LongestLabelBytes = 64;

    private readonly Dictionary<string, TarMember> _columns = new(StringComparer.Ordinal);
    private int? _label;
    private (int? Label, string? ClassName) _json;

    public string Key => key;

    /// <exception cref="DatasetFormatException">The sample has such a column already, or its label cannot be read.</exception>
    public async ValueTask AddAsync(string column, TarMember member, CancellationToken cancellationToken)
    {
        if (!_columns.TryAdd(column, member))
        {
            throw ScannedSample.Wrong(
                file, key, $"has the member '{column}' twice, at bytes {_columns[column].Offset} and {member.Offset}", "Pack the shard again with keys that differ");
        }

        if (column == "cls")
        {
            _label = ParseLabel(await ReadAsync(member, LongestLabelBytes, cancellationToken).ConfigureAwait(false));
        }
        else if (column == "json")
        {
            ReadOnlyMemory<byte> json = await ReadAsync(member, LargestJsonBytes, cancellationToken).ConfigureAwait(false);
            try
            {
                _json = SampleJson.ReadLabel(json);
            }
            catch (JsonException problem)
            {
                throw ScannedSample.Wrong(file, key, $"has a json member that is no JSON ({problem.Message.TrimEnd('.')})", "Pack the shard again");
            }
        }
    }

    /// <exception cref="DatasetFormatException">The sample has no video, or more than one.</exception>
    public ScannedSample Complete()
    {
        string[] videos = [.. _columns.Keys.Where(column => videoColumn is null ? VideoColumns.IsVideoExtension(column) : column == videoColumn)];
        if (videos.Length != 1)
        {
            string all = string.Join(", ", _columns.Keys);
            throw videos.Length == 0
                ? ScannedSample.Wrong(
                    file, key, $"has no video among its members ({all})", "Members of one sample have to follow each other; name the video's column if it has an unusual name")
                : ScannedSample.Wrong(file, key, $"has {videos.Length} videos ({string.Join(", ", videos)})", "Name the column that is to be read");
        }

        TarMember video = _columns[videos[0]];
        if (video.Length is 0 or > int.MaxValue)
        {
            throw ScannedSample.Wrong(file, key, $"has a video of {video.Length} bytes", "A video takes 1 byte to 2 GiB; pack the shard again");
        }

        TarMember json = _columns.GetValueOrDefault("json");
        return new ScannedSample(key, video.Offset, (int)video.Length, _label ?? _json.Label, _json.ClassName, json.Offset, (int)json.Length);
    }

    private int ParseLabel(ReadOnlyMemory<byte> text) =>
        int.TryParse(text.Span.Trim(" \t\r\n\0"u8), NumberStyles.None, CultureInfo.InvariantCulture, out int label)
            ? label
            : throw ScannedSample.Wrong(
                file, key, $"has the cls member '{Encoding.UTF8.GetString(text.Span).Trim()}', which is no whole number from 0", "Pack the shard again");

    private ValueTask<ReadOnlyMemory<byte>> ReadAsync(TarMember member, int largest, CancellationToken cancellationToken) =>
        member.Length <= largest
            ? file.ReadAsync(member.Offset, (int)member.Length, cancellationToken)
            : throw ScannedSample.Wrong(
                file, key, $"has the member '{member.Name}' of {member.Length} bytes; at most {largest} are read", "Pack the shard again");
}
