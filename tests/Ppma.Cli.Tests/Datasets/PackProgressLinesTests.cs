using Microsoft.Extensions.Time.Testing;
using Ppma.Cli.Datasets;
using Ppma.Datasets.Packing;

namespace Ppma.Cli.Tests.Datasets;

public sealed class PackProgressLinesTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly StringWriter _writer = new() { NewLine = "\n" };

    public void Dispose() => _writer.Dispose();

    [Fact]
    public void Report_NoTerminal_WritesAPlainLineNowAndThen()
    {
        var lines = new PackProgressLines(_writer, isTerminal: false, _time);
        var state = new PackProgress(PackingStart.Continued, Samples: 1000, Kept: 400, Done: 0, Damaged: 0, Bytes: 0);
        lines.Report(state);
        for (int done = 1; done <= 240; done++)
        {
            _time.Advance(TimeSpan.FromSeconds(0.25));
            lines.Report(state with { Done = done, Damaged = done / 200, Bytes = done * 50_000L });
        }

        lines.End();
        Assert.Equal(
            "Going on: 400 of 1,000 samples are packed already.\n" +
            "520 of 1,000 samples, 6.0 MB, 4.0 samples/s, 00:02:00 left\n" +
            "640 of 1,000 samples, 12.0 MB, 4.0 samples/s, 00:01:30 left, 1 damaged\n",
            _writer.ToString());
    }

    [Fact]
    public void Report_Terminal_WritesOverOneLineAndClearsIt()
    {
        var lines = new PackProgressLines(_writer, isTerminal: true, _time);
        var state = new PackProgress(PackingStart.Replaced, Samples: 10, Kept: 0, Done: 0, Damaged: 0, Bytes: 0);
        lines.Report(state);
        _time.Advance(TimeSpan.FromSeconds(1));
        lines.Report(state with { Done = 5, Bytes = 100_000 });
        lines.Report(state with { Done = 6, Bytes = 200_000 });
        lines.End();

        Assert.Equal(
            "Beginning anew: the options or the sources are not those of the interrupted pack.\n" +
            "\r5 of 10 samples, 0.1 MB, 5.0 samples/s, 00:00:01 left\u001b[K\r\u001b[K",
            _writer.ToString());
    }
}
