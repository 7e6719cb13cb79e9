using System.Net;
using Azure.Core.Pipeline;

namespace Ppma.Datasets.Tests.Stores;

/// <summary>A service of blob storage that answers what a test says. Records what it is asked.</summary>
internal sealed class ScriptedHttp(Func<HttpRequestMessage, HttpResponseMessage> answer) : HttpMessageHandler
{
    /// <summary>Addresses, with queries.</summary>
    public List<Uri> Addresses { get; } = [];

    /// <summary>Headers of each request.</summary>
    public List<Dictionary<string, string>> Headers { get; } = [];

    public HttpPipelineTransport Transport => new HttpClientTransport(new HttpClient(this));

    /// <summary>An answer with headers, given as <c>name: value</c>.</summary>
    public static HttpResponseMessage Answer(int status, string content, params string[] headers)
    {
        var answer = new HttpResponseMessage((HttpStatusCode)status) { Content = new StringContent(content) };
        foreach (string header in headers)
        {
            string[] parts = header.Split(": ", 2);
            if (!answer.Headers.TryAddWithoutValidation(parts[0], parts[1]))
            {
                answer.Content.Headers.TryAddWithoutValidation(parts[0], parts[1]);
            }
        }

        return answer;
    }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Addresses.Add(request.RequestUri!);
        Headers.Add(request.Headers.ToDictionary(header => header.Key, header => string.Join(", ", header.Value)));
        return Task.FromResult(answer(request));
    }
}
