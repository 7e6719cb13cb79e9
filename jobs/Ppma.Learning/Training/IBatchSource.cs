namespace Ppma.Learning.Training;

/// <summary>
/// Gives the batches of a run in order. The batch of a step is a pure function of the step, so that
/// continuing at a step reads exactly what an uninterrupted run would have read.
/// </summary>
public interface IBatchSource
{
    /// <summary>Batches of <paramref name="firstStep"/>, <paramref name="firstStep"/> + 1, … without end; the caller disposes each.</summary>
    IEnumerable<Batch> ReadFrom(long firstStep, CancellationToken cancellationToken);
}
