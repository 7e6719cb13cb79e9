using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Ppma.Api.Tasks;
using Ppma.Worker.Data;
using Ppma.Worker.Progress;
using Prometheus;

namespace Ppma.Worker.Hosting;

/// <summary>The three things a worker answers while it runs.</summary>
internal static class WorkerEndpoints
{
    public static void MapWorker(this IEndpointRouteBuilder endpoints)
    {
        IServiceProvider services = endpoints.ServiceProvider;
        var progress = services.GetRequiredService<ProgressReporter>();
        // Nobody asks for it: it answers Prometheus.
        services.GetRequiredService<RoomMetrics>();
        endpoints.MapMetrics("/metrics", services.GetRequiredService<WorkerMetrics>().Registry);
        endpoints.MapGet("/progress", () => Results.Json(progress.Snapshot(), TaskJson.Options));
        endpoints.MapGet("/healthz", () => Results.Text("ok\n"));
    }
}
