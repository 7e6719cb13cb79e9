using Ppma.Api.Tasks;
using Ppma.Cli.Running;

namespace Ppma.Cli.Tests.Running;

public sealed class PlainRunViewTests
{
    [Fact]
    public async Task ShowAsync_TaskThatRunsAndFails_GivesALineForEach()
    {
        var task = new PlannedTask { Run = "ppma", Stage = "mae", Needs = [], Resolve = _ => throw new InvalidOperationException() };
        var board = new RunBoard([task], TimeProvider.System);
        using var ended = new CancellationTokenSource();
        using var output = new StringWriter { NewLine = "\n" };
        var shown = new SignallingWriter(output);
        Task view = new PlainRunView(shown, TimeProvider.System).ShowAsync(board, ended.Token);

        board.Start(task);
        board.Progress(task, new TaskProgress
        {
            Phase = "training", Step = 5, TotalSteps = 10, ClipsPerSecond = 41.6, EtaSeconds = 75, Loss = 0.98765, LastProgressTime = default,
        });
        await shown.FirstLine;
        board.End(task, new TaskEnd { State = TaskState.Failed, Error = new TaskError(67, "Diverged", "loss is NaN") });
        await ended.CancelAsync();
        await view;

        Assert.Equal("ppma/mae: training  5/10  42 clips/s  eta 1:15  loss 0.988\nppma/mae: failed: loss is NaN  5/10\n", output.ToString());
    }

    [Theory]
    [InlineData(0.2, 0, "")]
    [InlineData(0.354, 0, "waiting for data (35 %)")]
    [InlineData(0.9, 3, "waiting for data (90 %), 3 updates skipped")]
    [InlineData(null, 1, "1 update skipped")]
    public void Warning_RunningTask_SaysWhatHoldsItBack(double? waitShare, long skipped, string warning)
    {
        var task = new PlannedTask { Run = "ppma", Stage = "mae", Needs = [], Resolve = _ => throw new InvalidOperationException() };
        var progress = new TaskProgress
        {
            Phase = "training", Step = 5, TotalSteps = 10, WaitShare = waitShare, SkippedUpdates = skipped, LastProgressTime = default,
        };

        Assert.Equal(warning, RunText.Warning(new BoardLine(task, TaskState.Running, null, progress, null)));
        Assert.Equal("", RunText.Warning(new BoardLine(task, TaskState.Done, null, progress, null)));
    }

    private sealed class SignallingWriter(StringWriter inner) : StringWriter
    {
        private readonly TaskCompletionSource _firstLine = new();

        public Task FirstLine => _firstLine.Task;

        public override async Task WriteLineAsync(string? value)
        {
            await inner.WriteLineAsync(value);
            _firstLine.TrySetResult();
        }
    }
}
