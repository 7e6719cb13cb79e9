using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Ppma.Testing.Kubernetes.Faults;

/// <summary>A refusal as the API server words it: an object of kind Status.</summary>
internal static class StatusAnswer
{
    public static async Task WriteAsync(HttpResponse response, ApiFault.Refused refused, ApiCall call, CancellationToken cancellationToken)
    {
        response.StatusCode = (int)refused.Code;
        response.ContentType = "application/json";
        if (refused.RetryAfterSeconds is { } seconds)
        {
            response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }

        await response.Body.WriteAsync(Serialize((int)refused.Code, refused.Reason, $"the test's proxy refuses {call.Kind}"), cancellationToken);
    }

    /// <summary>The line that ends a watch whose resource version is too old.</summary>
    public static byte[] ExpiredEvent() =>
        [.. JsonSerializer.SerializeToUtf8Bytes(new { type = "ERROR", @object = Status(410, "Expired", "too old resource version") }), (byte)'\n'];

    private static byte[] Serialize(int code, string reason, string message) => JsonSerializer.SerializeToUtf8Bytes(Status(code, reason, message));

    private static object Status(int code, string reason, string message) =>
        new { kind = "Status", apiVersion = "v1", metadata = new { }, status = "Failure", message, reason, code };
}
