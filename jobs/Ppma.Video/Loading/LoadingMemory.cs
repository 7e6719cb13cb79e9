namespace Ppma.Video.Loading;

/// <summary>
/// How loading divides its memory. Three parts that never borrow from each other: so every part empties by what the next one does,
/// and no batch can wait for memory that waits for that batch.
/// </summary>
/// <param name="Batches">Batches at a time: in the step, waiting for it, being made.</param>
/// <param name="EncodedBytes">Videos that were read and not yet decoded.</param>
/// <param name="DecodingBytes">Clips being decoded and cut.</param>
internal sealed record LoadingMemory(int Batches, long EncodedBytes, long DecodingBytes)
{
    /// <summary>One in the step, one waiting, one being made.</summary>
    private const int LeastBatches = 3;

    private const int UsualBatches = 4;

    // Sixteen frames of 340×256 at full size, their colours in single precision and those once more, scaled.
    private const long ClipBytes = 96L << 20;

    private const long ReadAheadBytes = 64L << 20;

    /// <summary>Divides the memory; what batches leave goes to clips.</summary>
    /// <param name="memoryBytes">All there is; null takes what works well.</param>
    /// <param name="batchBytes">Size of one batch.</param>
    /// <param name="threads">Threads that decode.</param>
    /// <exception cref="ArgumentException">Too little for three batches and as much as one for the clips on their way.</exception>
    public static LoadingMemory Divide(long? memoryBytes, long batchBytes, int threads)
    {
        long wanted = ReadAheadBytes + (threads * ClipBytes);
        long memory = memoryBytes ?? ((UsualBatches * batchBytes) + wanted);
        long least = (LeastBatches + 1) * batchBytes;
        if (memory < least)
        {
            throw new ArgumentException(
                $"Loading may take {memory} bytes of memory, but needs {least}: {LeastBatches} batches of {batchBytes} bytes and as much as one for clips " +
                "on their way. Allow it more memory, or make the batch smaller.",
                nameof(memoryBytes));
        }

        long clips = Math.Min(wanted, memory - (LeastBatches * batchBytes));
        int batches = (int)Math.Min(int.MaxValue, (memory - clips) / batchBytes);
        clips = memory - (batches * batchBytes);
        return new LoadingMemory(batches, clips / 4, clips - (clips / 4));
    }
}
