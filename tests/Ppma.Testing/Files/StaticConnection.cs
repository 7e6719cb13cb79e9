using System.Globalization;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Ppma.Testing.Files;

/// <summary>One connection of the static file server, on a thread of its own with blocking calls: the cheapest way there is.</summary>
internal sealed partial class StaticConnection(Socket socket, string folder)
{
    private const int HeadBytes = 1 << 14;

    public void Run()
    {
        using (socket)
        {
            try
            {
                socket.NoDelay = true;
                byte[] buffer = new byte[HeadBytes];
                while (ReceiveHead(buffer) is { } request)
                {
                    Answer(request);
                }
            }
            catch (Exception error) when (error is SocketException or IOException)
            {
                // The client went away.
            }
        }
    }

    /// <summary>Requests have no body, and none follows before its predecessor's answer.</summary>
    private HttpHead? ReceiveHead(byte[] buffer)
    {
        int length = 0;
        while (!buffer.AsSpan(0, length).EndsWith("\r\n\r\n"u8))
        {
            int received = socket.Receive(buffer.AsSpan(length));
            if (received == 0)
            {
                return null;
            }

            length += received;
        }

        return new HttpHead(buffer.AsSpan(0, length));
    }

    private void Answer(HttpHead request)
    {
        var file = new FileInfo(Path.Combine(folder, Uri.UnescapeDataString(string.Join('/', request.Path.Split('/').Skip(3)))));
        if (!file.Exists || request.Method is not ("GET" or "HEAD"))
        {
            Send("404 Not Found", "x-ms-error-code: BlobNotFound\r\nContent-Length: 0\r\n");
            return;
        }

        string etag = $"\"0x{file.LastWriteTimeUtc.Ticks:X}\"";
        if (request["If-Match"] is { } expected && expected != etag)
        {
            Send("412 Precondition Failed", "x-ms-error-code: ConditionNotMet\r\nContent-Length: 0\r\n");
            return;
        }

        (long first, long end) = RangeOf(request.Range, file.Length);
        string fields = string.Create(
            CultureInfo.InvariantCulture,
            $"Content-Length: {end - first}\r\nETag: {etag}\r\nLast-Modified: {file.LastWriteTimeUtc:R}\r\nx-ms-blob-type: BlockBlob\r\nContent-Type: application/octet-stream\r\n");
        if (request.Range.Length == 0)
        {
            Send("200 OK", fields);
        }
        else
        {
            Send("206 Partial Content", string.Create(CultureInfo.InvariantCulture, $"{fields}Content-Range: bytes {first}-{end - 1}/{file.Length}\r\n"));
        }

        if (request.Method == "GET")
        {
            SendFile(file.FullName, first, end);
        }
    }

    /// <summary>Of <c>bytes=FIRST-LAST</c> or <c>bytes=FIRST-</c>: the first byte and the one after the last.</summary>
    private static (long First, long End) RangeOf(string range, long length)
    {
        if (range.Length == 0)
        {
            return (0, length);
        }

        string[] places = range.Split('=')[1].Split('-');
        long first = long.Parse(places[0], CultureInfo.InvariantCulture);
        return (first, places[1].Length == 0 ? length : Math.Min(length, long.Parse(places[1], CultureInfo.InvariantCulture) + 1));
    }

    private void Send(string status, string fields) => socket.Send(Encoding.Latin1.GetBytes($"HTTP/1.1 {status}\r\n{fields}\r\n"));

    private void SendFile(string path, long first, long end)
    {
        using SafeFileHandle file = File.OpenHandle(path);
        while (first < end)
        {
            nint sent = SendFile(socket.SafeHandle, file, ref first, (nint)Math.Min(end - first, 1 << 30));
            if (sent <= 0)
            {
                throw new IOException($"{path} cannot be sent: {Marshal.GetLastPInvokeErrorMessage()}.");
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "sendfile64", SetLastError = true)]
    private static partial nint SendFile(SafeSocketHandle to, SafeFileHandle from, ref long offset, nint count);
}
