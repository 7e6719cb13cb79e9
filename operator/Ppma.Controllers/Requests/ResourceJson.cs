using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using k8s;
using k8s.Models;

namespace Ppma.Controllers.Requests;

/// <summary>
/// Objects as JSON, in the Kubernetes client's own manner. Two differences: managed fields, often half of an object and of no use here,
/// are passed over while reading and never written; and a field that a newer version of a kind has is no error.
/// </summary>
internal static class ResourceJson
{
    /// <summary>
    /// For passing over values. A user's object may be nested as deeply as the server takes (10,000 levels); one too deep to be read is that
    /// object's trouble, and must not be that of the list it is in.
    /// </summary>
    public static readonly JsonReaderOptions AnyDepth = new() { MaxDepth = 20_000 };

    private static readonly JsonSerializerOptions Whole = With(info => Keep(info, typeof(V1ObjectMeta), name => name != "managedFields"));

    /// <summary>
    /// Writes of a status: the server takes everything else from what it has (seen on 1.20 and 1.36: a body without a spec is accepted, even
    /// where the schema requires one), so that nothing else need be sent.
    /// </summary>
    private static readonly JsonSerializerOptions StatusOnly = With(info =>
    {
        Keep(info, typeof(V1ObjectMeta), name => name is "name" or "namespace" or "uid" or "resourceVersion");
        Keep(info, typeof(IKubernetesObject<V1ObjectMeta>), name => name is "apiVersion" or "kind" or "metadata" or "status");
    });

    public static JsonTypeInfo<T> Info<T>() => (JsonTypeInfo<T>)Whole.GetTypeInfo(typeof(T));

    public static byte[] Write<T>(T value) => JsonSerializer.SerializeToUtf8Bytes(value, Info<T>());

    public static byte[] WriteStatus<T>(T resource)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        JsonSerializer.SerializeToUtf8Bytes(resource, (JsonTypeInfo<T>)StatusOnly.GetTypeInfo(typeof(T)));

    /// <summary>Reads one value.</summary>
    /// <param name="json">The whole value.</param>
    /// <param name="problem">Why it could not be read, such as an enum value of a newer version of the kind.</param>
    /// <returns>The value, or null.</returns>
    public static T? TryRead<T>(ReadOnlySpan<byte> json, out string? problem)
        where T : class
    {
        try
        {
            T? value = JsonSerializer.Deserialize(json, Info<T>());
            problem = value is null ? "it is null" : null;
            return value;
        }
        catch (Exception error) when (error is JsonException or FormatException or InvalidOperationException or OverflowException)
        {
            // Converters of the client throw what they like.
            problem = error.Message;
            return null;
        }
    }

    /// <summary>The metadata of an object whatever its kind; empty where it has none.</summary>
    public static V1ObjectMeta ReadMetadata(ReadOnlySpan<byte> json) => TryRead<V1ObjectMeta>(Member(json, "metadata"u8), out _) ?? new V1ObjectMeta();

    /// <summary>The value of a member of an object; empty where it has none of the name.</summary>
    /// <exception cref="JsonException">No JSON, at least up to there.</exception>
    public static ReadOnlySpan<byte> Member(ReadOnlySpan<byte> json, ReadOnlySpan<byte> name)
    {
        var reader = new Utf8JsonReader(json, AnyDepth);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool found = reader.ValueTextEquals(name);
            reader.Read();
            int start = (int)reader.TokenStartIndex;
            reader.Skip();
            if (found)
            {
                return json[start..(int)reader.BytesConsumed];
            }
        }

        return [];
    }

    private static JsonSerializerOptions With(Action<JsonTypeInfo> modify)
    {
        JsonSerializerOptions? copy = null;
        KubernetesJson.AddJsonOptions(options => copy = new JsonSerializerOptions(options));
        copy!.TypeInfoResolver = copy.TypeInfoResolver!.WithAddedModifier(modify);
        copy.Converters.Add(new SharedStrings());
        copy.MakeReadOnly();
        return copy;
    }

    private static void Keep(JsonTypeInfo info, Type type, Func<string, bool> wanted)
    {
        if (!type.IsAssignableFrom(info.Type))
        {
            return;
        }

        for (int index = info.Properties.Count - 1; index >= 0; index--)
        {
            if (!wanted(info.Properties[index].Name))
            {
                info.Properties.RemoveAt(index);
            }
        }
    }
}
