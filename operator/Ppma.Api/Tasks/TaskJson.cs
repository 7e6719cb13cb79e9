using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ppma.Api.Tasks;

/// <summary>
/// The JSON of the task contract: camelCase names, enums by name, and nothing tolerated that the contract
/// does not know (an unknown or repeated field, a missing or null one), since a field that is silently
/// dropped would change the numbers.
/// </summary>
public static class TaskJson
{
    public static JsonSerializerOptions Options { get; } = Create(indented: false);

    /// <summary>The same contract with line breaks, for files that people open.</summary>
    public static JsonSerializerOptions Indented { get; } = Create(indented: true);

    /// <summary>The bytes of a task file; <c>taskDigest</c> is their SHA-256.</summary>
    public static byte[] Serialize<T>(T value) => JsonSerializer.SerializeToUtf8Bytes(value, Indented);

    /// <exception cref="JsonException">The bytes are no JSON of the contract; the message names the field.</exception>
    public static T Deserialize<T>(ReadOnlySpan<byte> utf8) =>
        JsonSerializer.Deserialize<T>(utf8, Options) ?? throw new JsonException("The document is null.");

    /// <summary>SHA-256 in lower-case hexadecimal.</summary>
    public static string Digest(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private static JsonSerializerOptions Create(bool indented)
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Strict)
        {
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
            WriteIndented = indented,
            NewLine = "\n",
        };
        options.Converters.Add(new JsonStringEnumConverter(namingPolicy: null, allowIntegerValues: false));
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}
