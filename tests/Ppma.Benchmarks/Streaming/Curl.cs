using System.Text;

namespace Ppma.Benchmarks.Streaming;

/// <summary>The peer of fetching: one curl that takes 16 ranges of 8 MiB at a time and throws the bytes away.</summary>
internal static class Curl
{
    private const long RangeBytes = 8L << 20;
    private const int RangesInFlight = 16;

    /// <summary>Fetches whole files.</summary>
    /// <param name="files">URI (with its signature) and size of each.</param>
    /// <param name="folder">Where the list of ranges is written.</param>
    public static void Fetch(IEnumerable<(Uri Uri, long Bytes)> files, string folder)
    {
        var ranges = new StringBuilder();
        foreach ((Uri uri, long bytes) in files)
        {
            for (long first = 0; first < bytes; first += RangeBytes)
            {
                ranges.Append(ranges.Length > 0 ? "next\n" : "")
                    .Append($"url = \"{uri.AbsoluteUri}\"\nrange = {first}-{Math.Min(first + RangeBytes, bytes) - 1}\noutput = /dev/null\nfail\n");
            }
        }

        string list = Path.Combine(folder, "ranges.curl");
        File.WriteAllText(list, ranges.ToString());
        Processes.Run("curl", "--silent", "--show-error", "--parallel", "--parallel-immediate", "--parallel-max", $"{RangesInFlight}", "--config", list);
    }
}
