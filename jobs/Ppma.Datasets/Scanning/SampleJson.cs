using System.Text.Json;

namespace Ppma.Datasets.Scanning;

/// <summary>The label in a sample's JSON: <c>label</c> or <c>cls</c> as a number, <c>class</c>, <c>label</c> or <c>cls</c> as text.</summary>
internal static class SampleJson
{
    /// <exception cref="JsonException">The text is no JSON.</exception>
    public static (int? Label, string? ClassName) ReadLabel(ReadOnlyMemory<byte> utf8)
    {
        using JsonDocument document = JsonDocument.Parse(utf8);
        if (document.RootElement.ValueKind != JsonValueKind.Object)
        {
            return (null, null);
        }

        int? label = null;
        string? className = null;
        foreach (string field in (ReadOnlySpan<string>)["class", "label", "cls"])
        {
            if (!document.RootElement.TryGetProperty(field, out JsonElement value))
            {
                continue;
            }

            if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number))
            {
                label ??= number;
            }
            else if (value.ValueKind == JsonValueKind.String)
            {
                className ??= value.GetString();
            }
        }

        return (label, className);
    }
}
