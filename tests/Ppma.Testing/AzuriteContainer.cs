using DotNet.Testcontainers.Builders;
using DotNet.Testcontainers.Containers;

namespace Ppma.Testing;

/// <summary>
/// Azurite in a container, for machines with a Docker engine and without node. The project's own continuous integration has no engine,
/// so this way is not exercised there. Blobs stay in memory whatever <c>onDisk</c> says.
/// </summary>
internal static class AzuriteContainer
{
    private const int Port = 10000;

    public static bool HasEngine =>
        File.Exists("/var/run/docker.sock") || !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("DOCKER_HOST"));

    public static async Task<(Uri Address, IAsyncDisposable Host)> StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await StartContainerAsync(cancellationToken);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            throw new InvalidOperationException(
                $"Azurite cannot start in a container: {error.Message} Start a Docker engine, or install node and set {AzuriteServer.Choice}=process.", error);
        }
    }

    private static async Task<(Uri Address, IAsyncDisposable Host)> StartContainerAsync(CancellationToken cancellationToken)
    {
        IContainer container = new ContainerBuilder($"mcr.microsoft.com/azure-storage/azurite:{AzuriteServer.Version}")
            .WithCommand("azurite-blob", "--blobHost", "0.0.0.0", "--inMemoryPersistence", "--disableTelemetry", "--skipApiVersionCheck", "--disableProductStyleUrl", "--silent")
            .WithPortBinding(Port, assignRandomHostPort: true)
            .WithCreateParameterModifier(parameters => parameters.HostConfig!.PortBindings![$"{Port}/tcp"][0].HostIP = "127.0.0.1")
            .WithWaitStrategy(Wait.ForUnixContainer().UntilMessageIsLogged("listens on"))
            .Build();
        await container.StartAsync(cancellationToken);
        return (new Uri($"http://127.0.0.1:{container.GetMappedPublicPort(Port)}"), container);
    }
}
