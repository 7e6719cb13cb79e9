using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ppma.Controllers.Requests;

/// <summary>
/// Reads a short text that was read lately as the same string: ten thousand objects of a kind have the same labels, states and reasons.
/// Remembers so many strings and no more; one that is pushed out is only read anew.
/// </summary>
internal sealed class SharedStrings : JsonConverter<string>
{
    private const int LongestBytes = 128;
    private const int Slots = 8192;

    // A slot is read and written as a whole, so that threads need not agree: at worst a string is made twice.
    private readonly string?[] _slots = new string?[Slots];

    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Share(ref reader);

    public override string ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Share(ref reader);

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);

    public override void WriteAsPropertyName(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WritePropertyName(value);

    private string Share(ref Utf8JsonReader reader)
    {
        if (reader.HasValueSequence || reader.ValueSpan.Length > LongestBytes)
        {
            return reader.GetString()!;
        }

        Span<char> buffer = stackalloc char[LongestBytes];
        ReadOnlySpan<char> text = buffer[..reader.CopyString(buffer)];
        ref string? slot = ref _slots[string.GetHashCode(text, StringComparison.Ordinal) & (Slots - 1)];
        return slot is { } known && text.SequenceEqual(known) ? known : slot = text.ToString();
    }
}
