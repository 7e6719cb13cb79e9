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
        endpoints.MapGet("/healthz", context => AnswerAsync(context, health.Stale));
        endpoints.MapGet("/readyz", context => AnswerAsync(context, health.Problems));
    }

    /// <summary>Written by hand: what ASP.NET makes of a lambda's result compiles expressions, five megabytes of code.</summary>
    private static Task AnswerAsync(HttpContext context, IReadOnlyList<string> problems)
    {
        context.Response.StatusCode = problems.Count == 0 ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(problems.Count == 0 ? "ok\n" : string.Concat(problems.Select(problem => $"{problem}\n")));
    }
}
