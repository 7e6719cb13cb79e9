using System.Net;
using System.Net.Sockets;
using Ppma.Testing;
using Ppma.Testing.Files;

if (args is ["azurite", _, _, ..])
{
    return await AzuriteCommand.RunAsync(args[1..]);
}

// The static file server: Ppma.Testing FOLDER. It ends with its input (see ChildServer).
using var listener = new TcpListener(IPAddress.Loopback, 0);
listener.Start();
Console.WriteLine($"The static file server listens on http://{listener.LocalEndpoint}");
var accepting = new Thread(() =>
{
    while (true)
    {
        var connection = new StaticConnection(listener.AcceptSocket(), args[0]);
        new Thread(connection.Run) { IsBackground = true }.Start();
    }
})
{ IsBackground = true };
accepting.Start();
Console.In.ReadToEnd();
// Not by the end of Main: that would close the listener under the thread that accepts.
Environment.Exit(0);
return 0;
