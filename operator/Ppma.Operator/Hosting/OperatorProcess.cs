using System.Net.Sockets;
using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Ppma.Controllers.Leading;

namespace Ppma.Operator.Hosting;

/// <summary>The operator's process from its arguments to its exit code.</summary>
internal static partial class OperatorProcess
{
    /// <summary>Asked to stop, and did.</summary>
    public const int Stopped = 0;

    /// <summary>Leadership was lost, or something failed that only a new process mends.</summary>
    public const int Failed = 1;

    /// <summary>The settings are not sound: trying again without changing them is no use.</summary>
    public const int BadSettings = 64;

    /// <summary>Of this build.</summary>
    public static string Version => typeof(OperatorProcess).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";

    private static string Name => $"ppma-operator {Version}";

    public static async Task<int> RunAsync(string[] args)
    {
        switch (args)
        {
            case ["--version"]:
                Console.WriteLine(Name);
                return Stopped;
            case ["--help" or "-h"]:
                Console.WriteLine(OperatorConfiguration.Usage());
                return Stopped;
        }

        try
        {
            OperatorOptions options = OperatorConfiguration.Read(args, Environment.GetEnvironmentVariables());
            WebApplication app = OperatorHost.Build(options, ClusterAccess.Find(options));
            return await RunAsync(app, options);
        }
        catch (OperatorSettingsException e)
        {
            await Console.Error.WriteLineAsync($"ppma-operator: {e.Message}\n[exit code {BadSettings}; ppma-operator --help lists the settings]");
            return BadSettings;
        }
    }

    private static async Task<int> RunAsync(WebApplication app, OperatorOptions options)
    {
        try
        {
            await app.StartAsync();
        }
        catch (IOException e) when (e.InnerException is AddressInUseException or SocketException)
        {
            throw new OperatorSettingsException(
                [$"{OperatorConfiguration.Describe(nameof(options.Port))} is {options.Port}, which another process has taken. Choose another, or 0 for any that is free."]);
        }

        LogStarted(app.Logger, Name, app.Urls.Single(), options.Namespace.Length > 0 ? $"namespace {options.Namespace}" : "all namespaces");
        await UntilStoppingAsync(app);
        LogStopping(app.Logger);
        if (FailureOf(app) is LeadershipLostException)
        {
            // Work that did not end in time must not go on: nothing is waited for, and the end of Main is the end of the process.
            return Failed;
        }

        await app.StopAsync();
        return FailureOf(app) is null ? Stopped : Failed;
    }

    private static async Task UntilStoppingAsync(WebApplication app)
    {
        var stopping = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using CancellationTokenRegistration told = app.Lifetime.ApplicationStopping.Register(stopping.SetResult);
        await stopping.Task;
    }

    /// <summary>What ended a background service before it was asked to; the host has logged it.</summary>
    private static Exception? FailureOf(WebApplication app) =>
        app.Services.GetServices<IHostedService>().OfType<BackgroundService>().Select(service => service.ExecuteTask?.Exception?.InnerException).FirstOrDefault(failure => failure is not null);

    [LoggerMessage(1, LogLevel.Information, "{Version} listens on {Address} and looks after {Scope}")]
    private static partial void LogStarted(ILogger logger, string version, string address, string scope);

    [LoggerMessage(2, LogLevel.Information, "Stopping")]
    private static partial void LogStopping(ILogger logger);
}
