using Ppma.Api.Tasks;

namespace Ppma.Worker.Tracking;

/// <summary>How a training goes, in one line for people.</summary>
internal static class ProgressLine
{
    public static string Of(TaskProgress progress)
    {
        string?[] parts =
        [
            $"{progress.Phase} {progress.Step}/{progress.TotalSteps}",
            Part($"loss {progress.Loss:0.0000}", progress.Loss),
            Part($"rate {progress.LearningRate:0.00e+0}", progress.LearningRate),
            progress.ClipsPerSecond > 0 ? Text($"{progress.ClipsPerSecond:0.#} clips/s") : null,
            progress.EtaSeconds > 0 ? $"eta {Duration(TimeSpan.FromSeconds(progress.EtaSeconds))}" : null,
            Part($"waiting {100 * progress.WaitShare:0} %", progress.WaitShare),
            Part($"gradient {progress.GradientNorm:0.###}", progress.GradientNorm),
            progress.SkippedUpdates > 0 ? $"skipped {progress.SkippedUpdates}" : null,
            Part($"mfu {100 * progress.Mfu:0.#} %", progress.Mfu),
            .. progress.Validation?.Select(metric => Text($"{metric.Key} {metric.Value:0.####}")) ?? [],
            progress.Checkpoint is { } checkpoint ? $"checkpoint {checkpoint.Step}" : null,
        ];
        return string.Join("  ", parts.Where(part => part is not null));
    }

    private static string Duration(TimeSpan time) => Text($"{Math.Floor(time.TotalHours):0}:{time.Minutes:00}:{time.Seconds:00}");

    private static string? Part(FormattableString text, double? value) => value is null ? null : Text(text);

    private static string Text(FormattableString text) => FormattableString.Invariant(text);
}
