using System.Net.Http.Headers;
using System.Text;
using k8s;

namespace Ppma.Benchmarks.Operating;

/// <summary>Requests to an API server with nothing in between: what any client has to pay.</summary>
internal static class Requests
{
    public const int Parallel = 8;

    public static async Task<string> SendAsync(this HttpClient http, HttpMethod method, string path, object body)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Content = new StringContent(body as string ?? KubernetesJson.Serialize(body), Encoding.UTF8, MediaTypeHeaderValue.Parse("application/json"));
        using HttpResponseMessage answer = await http.SendAsync(request);
        string text = await answer.Content.ReadAsStringAsync();
        return answer.IsSuccessStatusCode ? text : throw new InvalidOperationException($"{method} {path}: {(int)answer.StatusCode} {text}");
    }

    /// <summary>Some at a time, as many as the bare client's connections.</summary>
    public static Task EachAsync(int count, Func<int, Task> work) => System.Threading.Tasks.Parallel.ForEachAsync(
        Enumerable.Range(0, count), new ParallelOptions { MaxDegreeOfParallelism = Parallel }, async (i, _) => await work(i));
}
