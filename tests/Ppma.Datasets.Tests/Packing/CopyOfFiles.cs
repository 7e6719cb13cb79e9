using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Ppma.Datasets.Packing;
using Ppma.Datasets.Packing.Sources;

namespace Ppma.Datasets.Tests.Packing;

/// <summary>An encoder that copies, calls files that hold "damaged" damaged, and remembers what it was asked for.</summary>
internal sealed class CopyOfFiles(Action<PackSource>? before = null) : ISampleEncoder
{
    private int _running;

    public ConcurrentQueue<string> Encoded { get; } = [];

    public int MostAtOnce { get; private set; }

    public JsonObject Provenance => new() { ["deviation"] = "copied" };

    public string? ProblemOf(PackSource source) => source.RelativePath.EndsWith(".mpg", StringComparison.Ordinal) ? "mpg is not copied" : null;

    public EncodedSample Encode(PackSource source, CancellationToken cancellationToken = default)
    {
        lock (Encoded)
        {
            MostAtOnce = Math.Max(MostAtOnce, ++_running);
        }

        try
        {
            before?.Invoke(source);
            cancellationToken.ThrowIfCancellationRequested();
            Encoded.Enqueue(source.RelativePath);
            byte[] bytes = File.ReadAllBytes(source.FullPath);
            return bytes.AsSpan().StartsWith("damaged"u8)
                ? throw new DamagedSourceException(source, "it holds no video.")
                : new EncodedSample(bytes, "mp4", new JsonObject { ["frames"] = bytes.Length });
        }
        finally
        {
            lock (Encoded)
            {
                _running--;
            }
        }
    }
}
