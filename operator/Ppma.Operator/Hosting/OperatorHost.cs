using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Ppma.Operator.Runs;

namespace Ppma.Operator.Hosting;

/// <summary>One process: the controllers, and three addresses that tell how they are.</summary>
internal static class OperatorHost
{
    /// <summary>Within the 30 s that Kubernetes gives a pod to end: 20 for what is under way, the rest for the release of the lease and the last events.</summary>
    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(28);

    public static WebApplication Build(OperatorOptions options, ClusterAccess cluster)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        AddLogging(builder.Logging, options);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(Address(), options.Port));
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = ShutdownTimeout);
        builder.Services.AddRoutingCore().AddOperator(options, cluster);

        WebApplication app = builder.Build();
        // Nobody asks for it: it answers Prometheus.
        app.Services.GetRequiredService<RunMetrics>();
        app.UseRouting();
        app.MapOperator();
        return app;
    }

    /// <summary>In a pod Prometheus and the kubelet ask from outside; elsewhere nobody should.</summary>
    private static IPAddress Address() => Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_HOST") is null ? IPAddress.Loopback : IPAddress.Any;

    private static void AddLogging(ILoggingBuilder logging, OperatorOptions options)
    {
        logging
            .SetMinimumLevel(Enum.Parse<LogLevel>(options.LogLevel.ToString()))
            .AddFilter("Microsoft", LogLevel.Warning);
        bool json = options.LogFormat == LogFormat.Json || (options.LogFormat == LogFormat.Auto && Console.IsOutputRedirected);
        if (json)
        {
            logging.AddJsonConsole(console => Configure(console, "yyyy-MM-ddTHH:mm:ss.fffZ"));
        }
        else
        {
            logging.AddSimpleConsole(console =>
            {
                Configure(console, "HH:mm:ss.fff ");
                console.SingleLine = true;
            });
        }
    }

    private static void Configure(ConsoleFormatterOptions console, string timestampFormat)
    {
        console.IncludeScopes = true;
        console.UseUtcTimestamp = true;
        console.TimestampFormat = timestampFormat;
    }
}
