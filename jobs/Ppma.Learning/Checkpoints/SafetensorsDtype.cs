using System.Collections.Frozen;
using static TorchSharp.torch;

namespace Ppma.Learning.Checkpoints;

/// <summary>The element types safetensors and torch share: name in the file, type, bytes.</summary>
internal static class SafetensorsDtype
{
    private static readonly FrozenDictionary<string, (ScalarType Type, int Bytes)> ByName = new Dictionary<string, (ScalarType, int)>
    {
        ["BOOL"] = (ScalarType.Bool, 1),
        ["U8"] = (ScalarType.Byte, 1),
        ["I8"] = (ScalarType.Int8, 1),
        ["I16"] = (ScalarType.Int16, 2),
        ["I32"] = (ScalarType.Int32, 4),
        ["I64"] = (ScalarType.Int64, 8),
        ["F16"] = (ScalarType.Float16, 2),
        ["BF16"] = (ScalarType.BFloat16, 2),
        ["F32"] = (ScalarType.Float32, 4),
        ["F64"] = (ScalarType.Float64, 8),
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<ScalarType, string> ByType = ByName.ToFrozenDictionary(entry => entry.Value.Type, entry => entry.Key);

    public static bool TryGet(string name, out ScalarType type, out int bytes)
    {
        bool known = ByName.TryGetValue(name, out var entry);
        (type, bytes) = entry;
        return known;
    }

    public static string NameOf(ScalarType type) =>
        ByType.TryGetValue(type, out var name) ? name : throw new NotSupportedException($"safetensors has no name for element type {type}.");
}
