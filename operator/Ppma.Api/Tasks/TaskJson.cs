using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Ppma.Api.Tasks;

/// <summary>
/// The JSON of the task contract: camelCase names, enums by name, and nothing tolerated that the contract
/// does not know (an unknown or repeated field, a missing or null one), since a field that is silently
/// dropped or invented would change the numbers.
/// </summary>
public static class TaskJson
{
    public static JsonSerializerOptions Options { get; } = Create(indented: false);

    /// <summary>The same contract with line breaks, for files that people open.</summary>
    public static JsonSerializerOptions Indented { get; } = Create(indented: true);

    private static JsonSerializerOptions Reports { get; } = new(Options) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip };

    /// <summary>The bytes of a task file; <c>taskDigest</c> is their SHA-256.</summary>
    public static byte[] Serialize<T>(T value) => JsonSerializer.SerializeToUtf8Bytes(value, Indented);

    /// <exception cref="JsonException">The bytes are no JSON of the contract; the message names the field.</exception>
    public static T Deserialize<T>(ReadOnlySpan<byte> utf8) =>
        JsonSerializer.Deserialize<T>(utf8, Options) ?? throw new JsonException("The document is null.");

    /// <summary>Reads what a worker says of itself. It may be newer than who reads: members that are not known are passed over.</summary>
    /// <exception cref="JsonException">The bytes are no such report.</exception>
    public static T DeserializeReport<T>(ReadOnlySpan<byte> utf8) =>
        JsonSerializer.Deserialize<T>(utf8, Reports) ?? throw new JsonException("The document is null.");

    /// <summary>SHA-256 in lower-case hexadecimal.</summary>
    public static string Digest(ReadOnlySpan<byte> bytes) => CanonicalJson.Digest(bytes);

    /// <summary>Reads and validates a task file.</summary>
    /// <param name="utf8">The file's bytes.</param>
    /// <param name="file">How messages name the file.</param>
    /// <exception cref="TaskFailedException">Exit code 64: not a task of this version, or one with problems; all of them are named.</exception>
    public static TaskSpec ReadTask(ReadOnlySpan<byte> utf8, string file)
    {
        TaskSpec task;
        try
        {
            RequireVersion(utf8, file);
            task = Deserialize<TaskSpec>(utf8);
        }
        catch (JsonException problem)
        {
            throw new TaskFailedException(
                ExitCodes.BadSpec,
                $"{file}: {problem.Path ?? "$"}: {problem.Message} Resolve the task again with the version of ppma that runs it.",
                problem);
        }

        var problems = task.Validate();
        return problems.Count == 0
            ? task
            : throw new TaskFailedException(
                ExitCodes.BadSpec, $"{file}: {problems.Count} problem(s): {string.Join("; ", problems)}");
    }

    // The version comes before the shape: a newer contract may hold members this one has never heard of.
    private static void RequireVersion(ReadOnlySpan<byte> utf8, string file)
    {
        var reader = new Utf8JsonReader(utf8);
        using var document = JsonDocument.ParseValue(ref reader);
        if (document.RootElement.ValueKind != JsonValueKind.Object
            || !document.RootElement.TryGetProperty("taskVersion", out var member)
            || member.ValueKind != JsonValueKind.Number
            || !member.TryGetInt32(out var version))
        {
            throw new TaskFailedException(ExitCodes.BadSpec, $"{file}: taskVersion: no such number in the file; is this a task file?");
        }

        if (version != TaskSpec.CurrentVersion)
        {
            throw new TaskFailedException(
                ExitCodes.BadSpec,
                $"{file}: taskVersion: {version} is not {TaskSpec.CurrentVersion}, the version this worker knows; run it with the matching worker image or resolve the task again.");
        }
    }

    private static JsonSerializerOptions Create(bool indented)
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Strict)
        {
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
            WriteIndented = indented,
            NewLine = "\n",
            TypeInfoResolver = JsonTypeInfoResolver.Combine(
                TaskJsonContext.Default.WithAddedModifier(RequireEveryMember), new DefaultJsonTypeInfoResolver()),
        };
        options.Converters.Add(new JsonStringEnumConverter(namingPolicy: null, allowIntegerValues: false));
        options.MakeReadOnly();
        return options;
    }

    // Generated code sets init-only members in one initializer, so one left out would become 0, not its default.
    private static void RequireEveryMember(JsonTypeInfo type)
    {
        foreach (var member in type.Properties)
        {
            var mayBeAbsent = Nullable.GetUnderlyingType(member.PropertyType) is not null
                || (!member.PropertyType.IsValueType && member.IsSetNullable);
            member.IsRequired = member.Set is not null && !mayBeAbsent;
        }
    }
}
