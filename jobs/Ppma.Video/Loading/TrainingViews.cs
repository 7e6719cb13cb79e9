using System.Collections.Concurrent;
using Ppma.Datasets;
using Ppma.Datasets.Ordering;
using Ppma.Datasets.Randomness;
using Ppma.Datasets.Reading;
using Ppma.Video.Augmentation;
using Ppma.Video.Decoding;
using TorchSharp;

namespace Ppma.Video.Loading;

/// <summary>
/// The batches of a training stage. What a step reads is a pure function of (plan, step): a run that continues at a step
/// reads what an uninterrupted one would have read, whatever the number of threads.
/// </summary>
public sealed class TrainingViews
{
    /// <summary>Batches made ahead of the one that is used.</summary>
    private const int BatchesAhead = 2;

    /// <summary>
    /// Damaged clips for one place of a batch. One bad file is no reason to stop a run of days; so many draws from the whole
    /// data set mean that the data, not a clip, is wrong. Counted by place, so that threads do not decide it.
    /// </summary>
    private const int MostDamagedInARow = 20;

    private readonly ClipReader[] _readers;
    private readonly SampleOrder[] _orders;
    private readonly Mixer _mixer;
    private readonly TrainingPlan _plan;
    private readonly ClipCut _cut;
    private readonly ClipViews _views;
    private long _damagedClips;

    /// <param name="datasets">The stage's data sets, in the order of the manifest.</param>
    /// <param name="plan">Order and views.</param>
    /// <param name="cut">How clips and views are cut.</param>
    public TrainingViews(IReadOnlyList<Dataset> datasets, TrainingPlan plan, ClipCut cut)
    {
        _plan = plan;
        _cut = cut;
        _views = new ClipViews(cut.Views);
        _readers = [.. datasets.Select(dataset => new ClipReader(dataset, cut))];
        _orders = [.. datasets.Select((dataset, number) => new SampleOrder(dataset.ShardSizes(), plan.Seed, plan.ShuffleBlockBytes, number))];
        _mixer = new Mixer(plan.Weights ?? [.. datasets.Select(dataset => (double)dataset.Count)], plan.Seed);
    }

    /// <summary>Clips that could not be decoded and were replaced.</summary>
    public long DamagedClips => Interlocked.Read(ref _damagedClips);

    /// <summary>Batches from <paramref name="firstStep"/> on, without end, made ahead on threads of their own; the caller disposes each.</summary>
    /// <exception cref="DamagedDatasetException">Too many clips in a row cannot be decoded.</exception>
    /// <exception cref="DatasetFormatException">A shard does not hold what was recorded.</exception>
    public IEnumerable<ViewBatch> ReadFrom(long firstStep, CancellationToken cancellationToken)
    {
        using var ahead = new BlockingCollection<ViewBatch>(BatchesAhead);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task reading = Task.Factory.StartNew(
            () => Produce(firstStep, ahead, ending.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            foreach (ViewBatch batch in ahead.GetConsumingEnumerable(CancellationToken.None))
            {
                yield return batch;
            }

            // Says why there are no more.
            reading.GetAwaiter().GetResult();
        }
        finally
        {
            ending.Cancel();
            foreach (ViewBatch unused in ahead.GetConsumingEnumerable(CancellationToken.None))
            {
                unused.Dispose();
            }

            // Ended by the cancellation or by a fault that was thrown above.
            _ = Task.WhenAny(reading).GetAwaiter().GetResult();
        }
    }

    private void Produce(long firstStep, BlockingCollection<ViewBatch> ahead, CancellationToken cancellationToken)
    {
        try
        {
            for (long step = firstStep; ; step++)
            {
                ViewBatch batch = Read(step, cancellationToken);
                try
                {
                    ahead.Add(batch, cancellationToken);
                }
                catch
                {
                    batch.Dispose();
                    throw;
                }
            }
        }
        finally
        {
            ahead.CompleteAdding();
        }
    }

    /// <summary>The batch of one step.</summary>
    internal ViewBatch Read(long step, CancellationToken cancellationToken)
    {
        MixedBatch source = _mixer.At(step);
        int views = _plan.ClipsPerBatch * _plan.ViewsPerClip;
        var origins = new ViewOrigin[views];
        torch.Tensor video = torch.empty([views, 3, _cut.Frames, _cut.Views.Size, _cut.Views.Size], torch.float32).DetachFromDisposeScope();
        try
        {
            LoadingThreads.ForEachPlace(_plan.ClipsPerBatch, _plan.Threads, place =>
            {
                long cursor = (source.Batch * _plan.ClipsPerBatch) + place;
                (Visit visit, int label, torch.Tensor clip) = ReadClip(source.Dataset, cursor);
                using (clip)
                {
                    for (int view = 0; view < _plan.ViewsPerClip; view++)
                    {
                        int row = (place * _plan.ViewsPerClip) + view;
                        origins[row] = new ViewOrigin(visit, view, label);
                        using var scope = torch.NewDisposeScope();
                        video[row].copy_(_views.Train(clip, new ViewName(_plan.Seed, visit.Pass, visit.RandomSample, view)));
                    }
                }
            }, cancellationToken);
            return new ViewBatch(step, video, origins);
        }
        catch
        {
            video.Dispose();
            throw;
        }
    }

    private (Visit Visit, int Label, torch.Tensor Clip) ReadClip(int dataset, long cursor)
    {
        Visit visit = _orders[dataset].At(cursor);
        for (int replacement = 0; ; replacement++)
        {
            SampleRef sample = _readers[dataset].Find(visit.Ordinal);
            try
            {
                var random = new PhiloxStream(_plan.Seed, RandomPurpose.ClipStart, visit.Pass, visit.RandomSample);
                return (visit, sample.Record.Label, _readers[dataset].ReadTraining(sample, random.NextDouble()));
            }
            catch (VideoFormatException e)
            {
                Interlocked.Increment(ref _damagedClips);
                if (replacement + 1 == MostDamagedInARow)
                {
                    Dataset source = _readers[dataset].Dataset;
                    throw new DamagedDatasetException(
                        $"data set '{source.Index.Name}': {MostDamagedInARow} clips in a row could not be decoded, the last one is " +
                        $"'{sample.Record.Key}' in shard '{sample.Shard.Name}' ({e.Message}). " +
                        "Check the shard with 'ppma dataset verify --read-shards' and write it again.",
                        e);
                }

                visit = _orders[dataset].ReplacementAt(cursor, replacement);
            }
        }
    }
}
