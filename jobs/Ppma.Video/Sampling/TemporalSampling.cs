namespace Ppma.Video.Sampling;

/// <summary>Which part of a video a clip is, and which frames of it. Times are seconds relative to the stream's start.</summary>
public static class TemporalSampling
{
    /// <summary>Start of a training clip: uniform over every place where the whole clip fits, 0 if it fits nowhere.</summary>
    /// <param name="durationSeconds">Length of the video.</param>
    /// <param name="clipSeconds">Length of the clip.</param>
    /// <param name="uniform">Uniform number in [0, 1).</param>
    public static double TrainingStart(double durationSeconds, double clipSeconds, double uniform) =>
        Math.Max(durationSeconds - clipSeconds, 0) * uniform;

    /// <summary>Starts of the evaluation clips, spread evenly so that the first begins and the last ends with the video.</summary>
    /// <param name="durationSeconds">Length of the video.</param>
    /// <param name="clipSeconds">Length of a clip.</param>
    /// <param name="clips">How many clips.</param>
    public static double[] EvaluationStarts(double durationSeconds, double clipSeconds, int clips)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(clips);
        double last = Math.Max(durationSeconds - clipSeconds, 0);
        return [.. Enumerable.Range(0, clips).Select(i => i * last / Math.Max(clips - 1, 1))];
    }

    /// <summary>Positions of the frames shown in [start, start + length), in order.</summary>
    public static int[] FramesInWindow(ReadOnlySpan<double> frameSeconds, double startSeconds, double lengthSeconds)
    {
        double end = startSeconds + lengthSeconds;
        var frames = new List<int>();
        for (int i = 0; i < frameSeconds.Length; i++)
        {
            if (frameSeconds[i] >= startSeconds && frameSeconds[i] < end)
            {
                frames.Add(i);
            }
        }

        return [.. frames];
    }

    /// <summary>
    /// ⌊linspace(0, total − 1, count)⌋, ascending, with repeats when there are fewer than <paramref name="count"/>. In single precision and
    /// from both ends towards the middle, as torch.linspace computes it: elsewhere some floors come out one lower.
    /// </summary>
    /// <param name="total">Frames to choose from, at least 1.</param>
    /// <param name="count">Frames to choose.</param>
    public static int[] EvenlySpaced(int total, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(total);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        float last = total - 1;
        float step = count == 1 ? 0 : last / (count - 1);
        int[] chosen = new int[count];
        for (int i = 0; i < count; i++)
        {
            float position = i < count / 2 || count == 1 ? step * i : last - (step * (count - 1 - i));
            chosen[i] = Math.Clamp((int)position, 0, total - 1);
        }

        return chosen;
    }
}
