using System.Text.Json.Serialization;
using Ppma.Learning.Training;

namespace Ppma.Worker.Tracking;

/// <summary>What a report tells of the steps since the one before: everything that is shown, kept and scraped.</summary>
internal sealed record TrainingReport
{
    /// <summary>Steps of the run that are done.</summary>
    public required long Step { get; init; }

    public required DateTimeOffset Time { get; init; }

    /// <summary>Mean over the steps whose loss is a number; null where none is.</summary>
    public double? Loss { get; init; }

    /// <summary>Learning rate of the last step, before layer decay.</summary>
    public required double Rate { get; init; }

    /// <summary>Mean of the joint norm before clipping, over the steps where it is a number.</summary>
    public double? GradientNorm { get; init; }

    /// <summary>Updates that were skipped because a number was not finite.</summary>
    public int Skipped => SkippedUpdates.Count;

    /// <summary>Null until a step after the first has been measured.</summary>
    public double? StepSeconds => Times?.SecondsPerStep;

    /// <summary>Clips (views for MAE) a second.</summary>
    public double? ClipsPerSecond { get; init; }

    /// <summary>Share of the time in which the loop waited for batches, 0 to 1.</summary>
    public double? WaitShare => Times?.WaitShare;

    /// <summary>Model FLOPs utilisation, 0 to 1; null where the device's peak is not known.</summary>
    public double? Mfu { get; init; }

    [JsonIgnore]
    public IReadOnlyList<SkippedUpdate> SkippedUpdates { get; init; } = [];

    [JsonIgnore]
    public StepTimes? Times { get; init; }

    /// <param name="losses">Consecutive steps, at least one.</param>
    /// <param name="times">What they took.</param>
    /// <param name="clipsPerStep">Clips (views for MAE) of a step.</param>
    /// <param name="speed">Null where the device's peak is not known.</param>
    /// <param name="now">When it is reported.</param>
    public static TrainingReport Of(IReadOnlyList<StepLoss> losses, StepTimes? times, int clipsPerStep, ModelSpeed? speed, DateTimeOffset now) => new()
    {
        Step = losses[^1].Step,
        Time = now,
        Loss = Mean(losses.Select(loss => (double)loss.Loss)),
        Rate = losses[^1].Rate,
        GradientNorm = Mean(losses.Select(loss => (double)loss.GradientNorm)),
        SkippedUpdates = [.. losses.Select(loss => loss.Skipped).Where(reason => reason != SkippedUpdate.None)],
        Times = times,
        ClipsPerSecond = clipsPerStep / times?.SecondsPerStep,
        Mfu = times is { } known ? speed?.Utilisation(known.SecondsPerStep) : null,
    };

    private static double? Mean(IEnumerable<double> values)
    {
        double[] finite = [.. values.Where(double.IsFinite)];
        return finite.Length > 0 ? finite.Average() : null;
    }
}
