using Ppma.Datasets.Randomness;

namespace Ppma.Datasets.Ordering;

/// <summary>
/// Several data sets in one stage, each batch from one of them, at random in proportion to their weights (the paper's
/// interleaving, with lengths as weights). A pure function of (seed, batch index), at the same cost for any index.
/// </summary>
/// <remarks>
/// The k-th batch of a data set with share w is due at the time (k + u) / w, u uniform in [0, 1) by (seed, data set, k);
/// batches come in the order of these times. So a data set has had its share at every moment, to one batch, and which
/// one is next is still random.
/// </remarks>
public sealed class Mixer
{
    private readonly double[] _shares;
    private readonly long _seed;

    /// <param name="weights">A positive weight for each data set: its number of clips, or what the manifest says.</param>
    /// <param name="seed">The run's seed.</param>
    /// <exception cref="ArgumentException">No weights, or one that is not positive and finite.</exception>
    public Mixer(IReadOnlyList<double> weights, long seed)
    {
        if (weights.Count == 0 || weights.Any(weight => !(weight > 0) || double.IsInfinity(weight)))
        {
            throw new ArgumentException("A mix needs a positive weight for every data set.", nameof(weights));
        }

        // A loop, not Sum(): the order of additions is part of the result.
        double total = 0;
        foreach (double weight in weights)
        {
            total += weight;
        }

        _shares = [.. weights.Select(weight => weight / total)];
        _seed = seed;
    }

    /// <summary>The data set of a batch, and how far that data set has come.</summary>
    /// <param name="batchIndex">Batches before this one in the stage.</param>
    public MixedBatch At(long batchIndex)
    {
        long[] done = [.. Before(batchIndex)];
        int next = Next(done);
        return new MixedBatch(next, done[next]);
    }

    /// <summary>How many batches came from each data set before a batch.</summary>
    /// <param name="batchIndex">Batches before it in the stage.</param>
    public IReadOnlyList<long> Before(long batchIndex)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(batchIndex);

        // At time t about t batches were due, to one a data set; so start a little early and merge forward.
        double start = Math.Max(0, batchIndex - _shares.Length - 1);
        var done = new long[_shares.Length];
        long index = 0;
        for (int dataset = 0; dataset < _shares.Length; dataset++)
        {
            done[dataset] = Math.Max(0, (long)(start * _shares[dataset]) - 1);
            while (Due(dataset, done[dataset]) < start)
            {
                done[dataset]++;
            }

            index += done[dataset];
        }

        for (; index < batchIndex; index++)
        {
            done[Next(done)]++;
        }

        return done;
    }

    private int Next(long[] done)
    {
        int next = 0;
        double earliest = Due(0, done[0]);
        for (int dataset = 1; dataset < done.Length; dataset++)
        {
            double due = Due(dataset, done[dataset]);
            (next, earliest) = due < earliest ? (dataset, due) : (next, earliest);
        }

        return next;
    }

    private double Due(int dataset, long batch) =>
        (batch + new PhiloxStream(_seed, RandomPurpose.Mixing, sample: batch, view: dataset).NextDouble()) / _shares[dataset];
}
