using System.Globalization;
using System.Text;

namespace Ppma.Testing;

/// <summary>The first line and the header fields of an HTTP/1.1 message.</summary>
internal sealed class HttpHead
{
    private readonly List<string> _lines;

    public HttpHead(ReadOnlySpan<byte> bytes)
    {
        _lines = [.. Encoding.Latin1.GetString(bytes).Split("\r\n", StringSplitOptions.RemoveEmptyEntries)];
    }

    private string[] FirstLine => _lines[0].Split(' ', 3);

    /// <summary>Of a request.</summary>
    public string Method => FirstLine[0];

    /// <summary>Of a request: path and query.</summary>
    public string Target => FirstLine[1];

    /// <summary>Of a response.</summary>
    public int Status => int.Parse(FirstLine[1], CultureInfo.InvariantCulture);

    public bool IsChunked => this["Transfer-Encoding"] is { } coding && coding.Contains("chunked", StringComparison.OrdinalIgnoreCase);

    public bool Closes => string.Equals(this["Connection"], "close", StringComparison.OrdinalIgnoreCase);

    public long? ContentLength => this["Content-Length"] is { } length ? long.Parse(length, CultureInfo.InvariantCulture) : null;

    /// <summary>The range asked for, as the client spells it; empty for the whole blob. Azure prefers its own header.</summary>
    public string Range => this["x-ms-range"] ?? this["Range"] ?? "";

    /// <summary>A GET of <c>/ACCOUNT/CONTAINER/BLOB</c>, not of lists, properties or anything else with a query of its own.</summary>
    public bool IsBlobRead
    {
        get
        {
            string[] parts = Target.Split('?', 2);
            return Method == "GET"
                && parts[0].Count(character => character == '/') >= 3
                && !parts[^1].Split('&').Any(pair => pair.StartsWith("comp=", StringComparison.Ordinal) || pair.StartsWith("restype=", StringComparison.Ordinal));
        }
    }

    /// <summary>The path of the blob, without the query and so without signatures.</summary>
    public string Path => Target.Split('?', 2)[0];

    public void Replace(string field, string value)
    {
        int line = Find(field);
        if (line >= 0)
        {
            _lines[line] = $"{field}: {value}";
        }
    }

    public byte[] ToBytes() => Encoding.Latin1.GetBytes(string.Join("\r\n", _lines) + "\r\n\r\n");

    /// <summary>A header field's value; null when it is not there.</summary>
    public string? this[string name] => Find(name) is >= 0 and int line ? _lines[line][(name.Length + 1)..].Trim() : null;

    private int Find(string name) =>
        _lines.FindIndex(1, line => line.Length > name.Length && line[name.Length] == ':' && line.StartsWith(name, StringComparison.OrdinalIgnoreCase));
}
