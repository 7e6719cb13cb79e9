using System.Globalization;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Ppma.Api.Tasks;
using Ppma.Datasets.Stores;
using Ppma.Worker.Execution;

namespace Ppma.Worker.Hosting;

/// <summary>One process, one task: from the command line to the exit code.</summary>
internal static class WorkerProcess
{
    /// <param name="args">The command line (<see cref="WorkerOptions.Usage"/>).</param>
    /// <param name="addRunners">Registers the kinds of task this process computes.</param>
    /// <returns>The exit code, one of <see cref="ExitCodes"/>.</returns>
    public static async Task<int> RunAsync(string[] args, Action<IServiceCollection> addRunners)
    {
        switch (args)
        {
            case ["--help" or "-h"]:
                Console.WriteLine(WorkerOptions.Usage);
                return ExitCodes.Done;
            case ["--version"]:
                Console.WriteLine(WorkerVersion.Describe());
                return ExitCodes.Done;
        }

        WorkerOptions? options = null;
        TerminationMessage message;
        try
        {
            options = WorkerOptions.Parse(args, Environment.GetEnvironmentVariable);
            message = new TerminationMessage { Result = await HostAsync(options, addRunners) };
        }
        catch (Exception e)
        {
            message = new TerminationMessage { Error = Failure.Of(e) };
        }

        if (message.Error is { } error)
        {
            await Console.Error.WriteLineAsync($"ppma-worker: {error.Message} [{error.Reason}, exit code {error.ExitCode}]");
        }

        TerminationLog.Write(options?.TerminationMessageFile, message);
        return message.Error?.ExitCode ?? ExitCodes.Done;
    }

    private static async Task<TaskResult> HostAsync(WorkerOptions options, Action<IServiceCollection> addRunners)
    {
        await using WebApplication app = Build(options, addRunners);
        await StartAsync(app, options);
        var lifetime = app.Services.GetRequiredService<IHostApplicationLifetime>();
        if (options.StopsWithStandardInput)
        {
            _ = StopWithStandardInputAsync(lifetime);
        }

        try
        {
            return await app.Services.GetRequiredService<TaskExecution>().RunAsync(lifetime.ApplicationStopping);
        }
        finally
        {
            // Answers what is being asked before the services go away.
            await app.StopAsync(CancellationToken.None);
        }
    }

    private static WebApplication Build(WorkerOptions options, Action<IServiceCollection> addRunners)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging
            .SetMinimumLevel(LogLevel.Information)
            .AddFilter("Microsoft", LogLevel.Warning)
            .AddSimpleConsole(console =>
            {
                console.SingleLine = true;
                console.UseUtcTimestamp = true;
                console.TimestampFormat = "yyyy-MM-ddTHH:mm:ssZ ";
            });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(options.Address, options.Port));
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(2));
        builder.Services.AddRoutingCore().AddWorker(options);
        addRunners(builder.Services);

        WebApplication app = builder.Build();
        app.UseRouting();
        app.MapWorker();
        return app;
    }

    private static async Task StartAsync(WebApplication app, WorkerOptions options)
    {
        try
        {
            await app.StartAsync();
        }
        catch (IOException e) when (e.InnerException is AddressInUseException or SocketException)
        {
            throw new TaskFailedException(
                ExitCodes.BadSpec, $"Port {options.Port} is taken by another process. Choose one with --port, or any free one with --port 0.", e);
        }

        if (options.PortFile is { } file)
        {
            int port = new Uri(app.Urls.Single()).Port;
            DurableFile.Write(file, System.Text.Encoding.ASCII.GetBytes(port.ToString(CultureInfo.InvariantCulture)));
        }
    }

    private static async Task StopWithStandardInputAsync(IHostApplicationLifetime lifetime)
    {
        await using Stream input = Console.OpenStandardInput();
        await input.CopyToAsync(Stream.Null);
        lifetime.StopApplication();
    }
}
