namespace Ppma.Learning.Training;

/// <summary>The updates in a row, up to the last step that was read, that were skipped.</summary>
/// <param name="most">How many a run may go through.</param>
internal sealed class SkippedRow(int most)
{
    private readonly List<Func<IReadOnlyList<string>>?> _sampleKeys = [];

    /// <summary>0 where the last step changed the weights.</summary>
    public int Count { get; private set; }

    /// <summary>Goes on with a row that was under way when a checkpoint was written.</summary>
    public void Restart(int count)
    {
        Count = count;
        _sampleKeys.Clear();
    }

    /// <exception cref="TrainingDivergedException">One more was skipped than may be.</exception>
    public void Add(StepLoss step, Func<IReadOnlyList<string>>? sampleKeys)
    {
        if (step.Skipped == SkippedUpdate.None)
        {
            Restart(0);
            return;
        }

        Count++;
        _sampleKeys.Add(sampleKeys);
        if (Count > most)
        {
            throw new TrainingDivergedException(step, Count, [.. _sampleKeys.SelectMany(keys => keys?.Invoke() ?? [])]);
        }
    }
}
