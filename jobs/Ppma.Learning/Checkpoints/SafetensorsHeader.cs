using System.Buffers.Binary;
using System.Text.Json;
using static TorchSharp.torch;

namespace Ppma.Learning.Checkpoints;

/// <summary>One tensor of the file; the offset counts from the file's first byte.</summary>
internal sealed record SafetensorsEntry(string Name, ScalarType Type, long[] Shape, long Offset, long Bytes);

/// <summary>
/// The checked head of a safetensors file: 8 bytes length, JSON, then the data without holes or overlaps
/// (https://huggingface.co/docs/safetensors, "Format").
/// </summary>
internal sealed record SafetensorsHeader(IReadOnlyList<SafetensorsEntry> Entries, IReadOnlyDictionary<string, string> Metadata)
{
    public const int LengthBytes = 8;
    public const string MetadataName = "__metadata__";

    // The reference implementation refuses more too: nobody's header is larger, and a hostile length must not allocate.
    private const long LongestHeader = 100_000_000;
    private const int MostAxes = 16;

    /// <exception cref="CheckpointFormatException">The head does not describe exactly the bytes that follow it.</exception>
    public static SafetensorsHeader Read(Stream stream, string file)
    {
        Span<byte> prefix = stackalloc byte[LengthBytes];
        if (stream.ReadAtLeast(prefix, LengthBytes, throwOnEndOfStream: false) < LengthBytes)
        {
            throw new CheckpointFormatException(file, $"it has {stream.Length} bytes, too few for a safetensors file.");
        }

        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length > LongestHeader || (long)length > stream.Length - LengthBytes)
        {
            throw new CheckpointFormatException(
                file, $"its header claims {length} bytes but the file has {stream.Length}; it is cut short or no safetensors file.");
        }

        var json = new byte[length];
        stream.ReadExactly(json);
        try
        {
            return Parse(json, LengthBytes + (long)length, stream.Length, file);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or OverflowException)
        {
            throw new CheckpointFormatException(file, $"its header is no safetensors header ({e.Message})", e);
        }
    }

    private static SafetensorsHeader Parse(byte[] json, long dataStart, long fileLength, string file)
    {
        var options = new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = 8 };
        using var document = JsonDocument.Parse(json, options);
        var entries = new List<SafetensorsEntry>();
        var metadata = new Dictionary<string, string>();
        foreach (var property in document.RootElement.EnumerateObject())
        {
            if (property.Name == MetadataName)
            {
                metadata = property.Value.EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetString() ?? "");
            }
            else
            {
                entries.Add(ParseEntry(property.Name, property.Value, dataStart, file));
            }
        }

        long next = dataStart;
        foreach (var entry in entries.OrderBy(entry => entry.Offset).ThenBy(entry => entry.Bytes))
        {
            if (entry.Offset != next)
            {
                throw new CheckpointFormatException(
                    file,
                    $"tensor '{entry.Name}' begins at byte {entry.Offset}, not at {next} where the one before ends: tensors overlap or leave a hole.");
            }

            next = checked(entry.Offset + entry.Bytes);
        }

        return next == fileLength
            ? new SafetensorsHeader(entries, metadata)
            : throw new CheckpointFormatException(
                file, $"its tensors end at byte {next} but the file has {fileLength}; it is cut short or was added to.");
    }

    private static SafetensorsEntry ParseEntry(string name, JsonElement value, long dataStart, string file)
    {
        string dtype = Required(value, "dtype", name, file).GetString() ?? "";
        if (!SafetensorsDtype.TryGet(dtype, out var type, out int elementBytes))
        {
            throw new CheckpointFormatException(file, $"tensor '{name}' has element type '{dtype}', which is not read.");
        }

        long[] shape = [.. Required(value, "shape", name, file).EnumerateArray().Select(axis => axis.GetInt64())];
        long[] offsets = [.. Required(value, "data_offsets", name, file).EnumerateArray().Select(offset => offset.GetInt64())];
        if (shape.Length > MostAxes || shape.Any(axis => axis < 0) || offsets.Length != 2 || offsets[0] < 0 || offsets[1] < offsets[0])
        {
            throw new CheckpointFormatException(
                file, $"tensor '{name}' has shape [{string.Join(", ", shape)}] and offsets [{string.Join(", ", offsets)}], which cannot be.");
        }

        // The library overflows on other axes of an empty tensor too.
        _ = shape.Aggregate((long)elementBytes, (product, axis) => checked(product * Math.Max(axis, 1)));
        long bytes = shape.Aggregate((long)elementBytes, (product, axis) => product * axis);
        return bytes == offsets[1] - offsets[0]
            ? new SafetensorsEntry(name, type, shape, checked(dataStart + offsets[0]), bytes)
            : throw new CheckpointFormatException(
                file, $"tensor '{name}' of shape [{string.Join(", ", shape)}] needs {bytes} bytes but has {offsets[1] - offsets[0]}.");
    }

    private static JsonElement Required(JsonElement entry, string property, string name, string file) =>
        entry.TryGetProperty(property, out var value)
            ? value
            : throw new CheckpointFormatException(file, $"tensor '{name}' has no '{property}'.");
}
