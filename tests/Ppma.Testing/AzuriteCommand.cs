using System.Diagnostics;

namespace Ppma.Testing;

/// <summary>Runs a command beside an Azurite of its own: <c>Ppma.Testing azurite CONTAINER[,CONTAINER…] COMMAND [ARGUMENT…]</c>.</summary>
internal static class AzuriteCommand
{
    /// <summary>
    /// The command finds the account's address in <c>AZURITE_BLOBS</c> and its connection string in
    /// <c>AZURITE_CONNECTION_STRING</c>; the containers exist and are empty.
    /// </summary>
    /// <returns>The command's exit code.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        await using AzuriteServer azurite = await AzuriteServer.StartAsync(onDisk: true);
        foreach (string container in args[0].Split(','))
        {
            await azurite.CreateContainerAsync(container);
        }

        var start = new ProcessStartInfo(args[1], args[2..]) { UseShellExecute = false };
        start.Environment["AZURITE_BLOBS"] = azurite.BlobEndpoint.AbsoluteUri;
        start.Environment["AZURITE_CONNECTION_STRING"] = azurite.ConnectionString;
        using Process command = Process.Start(start)!;
        await command.WaitForExitAsync();
        return command.ExitCode;
    }
}
