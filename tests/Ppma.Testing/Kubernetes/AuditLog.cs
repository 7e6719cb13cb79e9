using System.Text.Json;

namespace Ppma.Testing.Kubernetes;

/// <summary>
/// The API server's own record of what was asked of it: what no client's view of objects can show, such as one that was created twice
/// and deleted once in between.
/// </summary>
public sealed class AuditLog(string file, HttpClient http)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Every request about a namespace (null: about any) that was answered before this call, in the order of the log.</summary>
    public async Task<IReadOnlyList<AuditEntry>> ReadAsync(string? @namespace = null, CancellationToken cancellationToken = default)
    {
        // An answer may reach its client a little before its line reaches the file; a request of our own marks the place.
        string mark = $"audit-mark-{Guid.NewGuid():n}";
        using (await http.GetAsync($"api/v1/namespaces/{mark}", cancellationToken))
        {
            // 404 is as good a line as any.
        }

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        while (true)
        {
            string[] lines = await ReadLinesAsync(patience.Token);
            int end = Array.FindLastIndex(lines, line => line.Contains(mark, StringComparison.Ordinal));
            if (end >= 0)
            {
                return [.. lines.Take(end).Where(line => @namespace is null || line.Contains(@namespace, StringComparison.Ordinal)).Select(Parse)
                    .Where(entry => @namespace is null || entry.Namespace == @namespace)];
            }

            await Task.Delay(20, patience.Token);
        }
    }

    /// <summary>One line of the log.</summary>
    public static AuditEntry Parse(string line)
    {
        using var document = JsonDocument.Parse(line);
        JsonElement entry = document.RootElement;
        JsonElement about = entry.TryGetProperty("objectRef", out JsonElement value) ? value : default;
        return new AuditEntry(
            Text(entry, "verb"),
            entry.TryGetProperty("user", out JsonElement user) ? Text(user, "username") : "",
            Text(entry, "userAgent"),
            Text(about, "apiGroup"),
            Text(about, "resource"),
            Text(about, "subresource"),
            Text(about, "namespace"),
            Text(about, "name"),
            entry.TryGetProperty("responseStatus", out JsonElement status) && status.TryGetProperty("code", out JsonElement code) ? code.GetInt32() : 0,
            Text(entry, "requestURI"),
            entry.GetProperty("requestReceivedTimestamp").GetDateTimeOffset());
    }

    private static string Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out JsonElement value) ? value.GetString() ?? "" : "";

    private async Task<string[]> ReadLinesAsync(CancellationToken cancellationToken)
    {
        await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(stream);
        string text = await reader.ReadToEndAsync(cancellationToken);

        // What follows the last line's end is still being written.
        return text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
