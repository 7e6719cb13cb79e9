using System.Text.Json;
using k8s;
using k8s.Models;

namespace Ppma.Controllers.Requests;

/// <summary>
/// Reads a list object by object, so that neither its text nor all of it as whole objects lies in memory, and so that one object
/// that cannot be read does not take the others with it.
/// </summary>
/// <param name="each">Gets each object.</param>
/// <param name="unreadable">Gets who could not be read, and why.</param>
internal sealed class ListReader<T>(Action<T> each, Action<V1ObjectMeta, string> unreadable)
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    private JsonReaderState _state = new(ResourceJson.AnyDepth);
    private Place _place;

    private enum Place
    {
        Start,
        Members,
        Items,
        End,
    }

    public string ResourceVersion { get; private set; } = "";

    /// <summary>Where the next page goes on; empty after the last.</summary>
    public string Continue { get; private set; } = "";

    /// <exception cref="JsonException">The body is no list, or breaks off.</exception>
    public async ValueTask ReadAsync(Stream body, CancellationToken cancellationToken)
    {
        using var reader = new BodyReader(body);
        while (_place != Place.End)
        {
            await reader.ReadMoreAsync(cancellationToken);
            reader.Consume(ReadComplete(reader.Unread, reader.Ended));
            if (reader.Ended && _place != Place.End)
            {
                throw new JsonException("the list breaks off");
            }
        }
    }

    /// <summary>Reads every part that is there as a whole.</summary>
    /// <returns>How many bytes that took.</returns>
    private int ReadComplete(ReadOnlySpan<byte> bytes, bool ended)
    {
        var json = new Utf8JsonReader(bytes, ended, _state);
        Utf8JsonReader done = json;
        while (_place != Place.End && ReadPart(ref json, bytes))
        {
            done = json;
        }

        _state = done.CurrentState;
        return (int)done.BytesConsumed;
    }

    private bool ReadPart(ref Utf8JsonReader json, ReadOnlySpan<byte> bytes) =>
        json.Read() && _place switch
        {
            Place.Start => ReadStart(ref json),
            Place.Items => ReadItem(ref json, bytes),
            _ => ReadMember(ref json, bytes),
        };

    private bool ReadStart(ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException($"a list was expected, not {json.TokenType}");
        }

        _place = Place.Members;
        return true;
    }

    private bool ReadMember(ref Utf8JsonReader json, ReadOnlySpan<byte> bytes)
    {
        if (json.TokenType == JsonTokenType.EndObject)
        {
            _place = Place.End;
            return true;
        }

        bool items = json.ValueTextEquals("items");
        bool metadata = json.ValueTextEquals("metadata");
        if (!json.Read())
        {
            return false;
        }

        if (items && json.TokenType == JsonTokenType.StartArray)
        {
            _place = Place.Items;
            return true;
        }

        long start = json.TokenStartIndex;
        if (!json.TrySkip())
        {
            return false;
        }

        if (metadata)
        {
            V1ListMeta? list = JsonSerializer.Deserialize(bytes[(int)start..(int)json.BytesConsumed], ResourceJson.Info<V1ListMeta>());
            (ResourceVersion, Continue) = (list?.ResourceVersion ?? "", list?.ContinueProperty ?? "");
        }

        return true;
    }

    private bool ReadItem(ref Utf8JsonReader json, ReadOnlySpan<byte> bytes)
    {
        if (json.TokenType == JsonTokenType.EndArray)
        {
            _place = Place.Members;
            return true;
        }

        int start = (int)json.TokenStartIndex;
        if (!json.TrySkip())
        {
            return false;
        }

        ReadOnlySpan<byte> item = bytes[start..(int)json.BytesConsumed];
        if (ResourceJson.TryRead<T>(item, out string? problem) is { } resource)
        {
            each(resource);
        }
        else
        {
            unreadable(ResourceJson.ReadMetadata(item), problem ?? "");
        }

        return true;
    }
}
