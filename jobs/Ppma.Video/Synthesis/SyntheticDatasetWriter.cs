using Ppma.Datasets;
using Ppma.Datasets.Indexing;
using Ppma.Datasets.Packing;
using Ppma.Video.Encoding;

namespace Ppma.Video.Synthesis;

/// <summary>Renders, encodes and packs a plan's clips.</summary>
public static class SyntheticDatasetWriter
{
    private const int ClipsPerRound = 128;

    /// <summary>Several shards even for a small set, so that reading it goes the way a large one is read.</summary>
    private const long ShardBytes = 4 << 20;

    /// <summary>
    /// Writes the data set, unless the folder holds it already. A write that is cancelled or fails leaves no data set.
    /// </summary>
    /// <param name="folder">The data set's own folder.</param>
    /// <param name="plan">What to write.</param>
    /// <param name="overwrite">Write anew, whatever data set is there.</param>
    /// <param name="progress">Told how many clips are done.</param>
    /// <param name="cancellationToken">Stops the writing.</param>
    /// <returns>The index, and whether it was written now.</returns>
    /// <exception cref="DatasetFormatException">The folder holds a data set that is damaged.</exception>
    /// <exception cref="DatasetWriteException">The folder holds something else, or cannot be written.</exception>
    public static async Task<(DatasetIndex Index, bool Written)> WriteAsync(
        string folder,
        SynthesisPlan plan,
        bool overwrite = false,
        IProgress<int>? progress = null,
        CancellationToken cancellationToken = default)
    {
        DatasetDescription description = plan.Describe();
        if (!overwrite)
        {
            if (await DatasetWriter.FindCompleteAsync(folder, description, cancellationToken) is { } found)
            {
                return (found, false);
            }

            if (File.Exists(Path.Combine(folder, DatasetIndex.FileName)))
            {
                throw new DatasetWriteException(
                    folder,
                    "another data set is here (another seed, size or generator version)",
                    "Choose another folder, or overwrite it (--overwrite)");
            }
        }

        PackingOptions options = new() { ShardBytes = ShardBytes, Overwrite = overwrite };
        using DatasetWriter writer = DatasetWriter.Create(folder, description, options);
        await Task.Run(() => AddClips(writer, plan, progress, cancellationToken), cancellationToken);
        return (writer.Complete(), true);
    }

    /// <summary>Clips of a round are made side by side and packed in order, so the shards do not depend on threads.</summary>
    private static void AddClips(
        DatasetWriter writer, SynthesisPlan plan, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        ParallelOptions parallel = new() { CancellationToken = cancellationToken, MaxDegreeOfParallelism = Environment.ProcessorCount };
        byte[][] videos = new byte[ClipsPerRound][];
        for (int first = 0; first < plan.Clips; first += ClipsPerRound)
        {
            int count = Math.Min(ClipsPerRound, plan.Clips - first);
            Parallel.For(0, count, parallel, i => videos[i] = Encode(plan, first + i));
            for (int i = 0; i < count; i++)
            {
                (SyntheticSplit split, int index) = plan.ClipAt(first + i);
                string splitName = split.ToString().ToLowerInvariant();
                writer.Add(splitName, $"{plan.Name}-{splitName}-{index:D6}", videos[i], ClipRenderer.ClassOf(index));
            }

            progress?.Report(first + count);
        }
    }

    private static byte[] Encode(SynthesisPlan plan, int position)
    {
        (SyntheticSplit split, int index) = plan.ClipAt(position);
        byte[] rgb = new byte[ClipRenderer.ClipBytes];
        ClipRenderer.Render(plan.Seed, plan.Set, split, index, rgb);
        return VideoEncoder.Encode(rgb, SynthesisPlan.Encoder);
    }
}
