using System.Text.Json;

namespace Ppma.Datasets.Indexing;

/// <summary>Tells whose a file named <c>index.json</c> is, looking no further into it than it must: indexes may be large.</summary>
internal static class IndexVersion
{
    /// <summary>The field <c>version</c>; null where there is none.</summary>
    /// <param name="utf8">The file.</param>
    /// <param name="isObject">Whether it is a JSON object, as far as it was read.</param>
    public static int? Find(ReadOnlySpan<byte> utf8, out bool isObject)
    {
        isObject = false;
        var reader = new Utf8JsonReader(utf8);
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return null;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                bool isVersion = reader.ValueTextEquals("version"u8);
                reader.Read();
                if (isVersion)
                {
                    isObject = true;
                    return reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out int version) ? version : null;
                }

                reader.Skip();
            }

            isObject = true;
            return null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
