using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Ppma.Controllers.Hosting;
using Prometheus;

namespace Ppma.Operator.Hosting;

/// <summary>What the operator answers while it runs.</summary>
internal static class OperatorEndpoints
{
    public static void MapOperator(this IEndpointRouteBuilder endpoints)
    {
        var health = endpoints.ServiceProvider.GetRequiredService<RuntimeHealth>();
        endpoints.MapMetrics("/metrics", endpoints.ServiceProvider.GetRequiredService<CollectorRegistry>());
        endpoints.MapGet("/healthz", () => Answer(health.Stale));
        endpoints.MapGet("/readyz", () => Answer(health.Problems));
    }

    private static IResult Answer(IReadOnlyList<string> problems) => problems.Count == 0
        ? Results.Text("ok\n")
        : Results.Text(string.Concat(problems.Select(problem => $"{problem}\n")), statusCode: StatusCodes.Status503ServiceUnavailable);
}
