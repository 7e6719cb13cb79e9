using System.Globalization;
using Ppma.Datasets.Packing;

namespace Ppma.Cli.Datasets;

/// <summary>Says how far packing is: on a terminal in one line that is written over, elsewhere in a plain line now and then.</summary>
internal sealed class PackProgressLines(TextWriter writer, bool isTerminal, TimeProvider time) : IProgress<PackProgress>
{
    private static readonly TimeSpan OnTerminal = TimeSpan.FromSeconds(0.2);
    private static readonly TimeSpan Elsewhere = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private long _start;
    private long _last;
    private bool _isOpen;

    public void Report(PackProgress value)
    {
        lock (_lock)
        {
            if (value.Done == 0)
            {
                _start = _last = time.GetTimestamp();
                WriteStart(value);
                return;
            }

            if (time.GetElapsedTime(_last) >= (isTerminal ? OnTerminal : Elsewhere))
            {
                _last = time.GetTimestamp();
                writer.Write(isTerminal ? $"\r{Line(value)}\u001b[K" : $"{Line(value)}{writer.NewLine}");
                writer.Flush();
                _isOpen = isTerminal;
            }
        }
    }

    /// <summary>Clears the line on a terminal, for what is written next.</summary>
    public void End()
    {
        lock (_lock)
        {
            if (_isOpen)
            {
                writer.Write("\r\u001b[K");
                _isOpen = false;
            }
        }
    }

    private void WriteStart(PackProgress value)
    {
        switch (value.Start)
        {
            case PackingStart.Continued:
                writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Going on: {value.Kept:N0} of {value.Samples:N0} samples are packed already."));
                break;
            case PackingStart.Replaced:
                writer.WriteLine("Beginning anew: the options or the sources are not those of the interrupted pack.");
                break;
        }
    }

    private string Line(PackProgress value)
    {
        double seconds = Math.Max(time.GetElapsedTime(_start).TotalSeconds, 0.001);
        double rate = value.Done / seconds;
        int left = value.Samples - value.Kept - value.Done;
        string damaged = value.Damaged > 0 ? string.Create(CultureInfo.InvariantCulture, $", {value.Damaged:N0} damaged") : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{value.Kept + value.Done:N0} of {value.Samples:N0} samples, {value.Bytes / 1e6:N1} MB, {rate:F1} samples/s, {TimeSpan.FromSeconds(Math.Ceiling(left / rate)):c} left{damaged}");
    }
}
