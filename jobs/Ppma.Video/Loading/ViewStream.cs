using System.Buffers;
using System.Threading.Channels;
using Ppma.Datasets.Metrics;
using Ppma.Datasets.Reading;
using Ppma.Video.Augmentation;
using Ppma.Video.Decoding;
using Prometheus;
using TorchSharp;

namespace Ppma.Video.Loading;

/// <summary>
/// One reading of a pipeline: a loop plans and fetches ahead, threads decode whatever is there, batches leave in the order of their plans.
/// A fault leaves with the batch it befell, after those before it.
/// </summary>
/// <remarks>
/// What limits it is memory alone: a plan waits for the memory of its batch, a read for that of its file, a thread for that of its clip.
/// No one waits for memory while it holds some that one before it waits for, so something can always go on.
/// </remarks>
internal sealed class ViewStream : IDisposable
{
    /// <summary>Enough to hide the way to a store from the threads.</summary>
    private const int MostReads = 16;

    private readonly ViewPipeline _pipeline;
    private readonly StreamMetrics _metrics;
    private readonly ClipViews _views;
    private readonly CancellationTokenSource _ending;
    private readonly CancellationToken _ended;
    private readonly BatchBuffers _buffers;
    private readonly ByteBudget _encoded;
    private readonly ByteBudget _decoding;
    private readonly SemaphoreSlim _reads = new(MostReads);
    private readonly Channel<PendingBatch> _batches;

    // Bounded by the bytes of what is in it.
    private readonly Channel<FetchedSample> _samples = Channel.CreateUnbounded<FetchedSample>();
    private readonly Task _fetching;
    private readonly DecodingThreads _threads;
    private PendingBatch? _awaited;

    public ViewStream(ViewPipeline pipeline, IEnumerable<BatchPlan> plans, CancellationToken cancellationToken)
    {
        _pipeline = pipeline;
        _metrics = pipeline.Options.Metrics;
        _views = new ClipViews(pipeline.Cut.Views);
        _ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _ended = _ending.Token;
        _buffers = pipeline.CreateBuffers();
        _encoded = new ByteBudget(pipeline.Memory.EncodedBytes, _metrics.BytesInFlight);
        _decoding = new ByteBudget(pipeline.Memory.DecodingBytes, _metrics.BytesInFlight);
        _batches = Channel.CreateBounded<PendingBatch>(pipeline.Memory.Batches);
        _threads = new DecodingThreads(pipeline.Options.Threads, DecodeAll);
        _fetching = Task.Run(() => FetchAsync(plans), CancellationToken.None);
    }

    /// <summary>The next batch, as soon as it is whole; null when there are no more.</summary>
    public PendingBatch? Next()
    {
        using Prometheus.ITimer waiting = _metrics.BatchWaitSeconds.NewTimer();
        if (!Wait(_batches.Reader.WaitToReadAsync(_ended)) || !_batches.Reader.TryRead(out PendingBatch? batch))
        {
            return null;
        }

        _awaited = batch;
        batch.WaitAsync(_ended).GetAwaiter().GetResult();
        _awaited = null;
        _metrics.QueueDepth(LoadingStage.Batch).Dec();
        return batch;
    }

    public void Dispose()
    {
        _ending.Cancel();
        _threads.Join();
        _fetching.GetAwaiter().GetResult();

        // Reads still under way find the channel closed and free what they have, whenever that is.
        _samples.Writer.Complete();
        while (_samples.Reader.TryRead(out FetchedSample? sample))
        {
            _metrics.QueueDepth(LoadingStage.Decode).Dec();
            sample.Dispose();
        }

        Drop(_awaited);
        while (_batches.Reader.TryRead(out PendingBatch? batch))
        {
            Drop(batch);
        }

        _buffers.Dispose();
        _ending.Dispose();
    }

    // Decoding threads and whoever reads the stream have nothing else to do, so they may wait.
    private static T Wait<T>(ValueTask<T> task) => task.AsTask().GetAwaiter().GetResult();

    private void Drop(PendingBatch? batch)
    {
        if (batch is { IsWhole: true })
        {
            _metrics.QueueDepth(LoadingStage.Batch).Dec();
        }

        batch?.Buffer.Dispose();
    }

    private async Task FetchAsync(IEnumerable<BatchPlan> plans)
    {
        Exception? fault = null;
        PendingBatch? batch = null;
        try
        {
            foreach (BatchPlan plan in plans)
            {
                BatchBuffer buffer = await _buffers.RentAsync(plan.Places.Count * _pipeline.Source.RowsPerClip, _ended).ConfigureAwait(false);
                batch = new PendingBatch(plan, buffer);
                await _batches.Writer.WriteAsync(batch, CancellationToken.None).ConfigureAwait(false);
                for (int place = 0; place < plan.Places.Count; place++)
                {
                    await StartReadingAsync(batch, place).ConfigureAwait(false);
                }

                batch = null;
            }
        }
        catch (Exception e) when (batch is not null)
        {
            batch.Fail(e);
        }
        catch (Exception e)
        {
            fault = e;
        }

        _batches.Writer.Complete(fault);
    }

    private async Task StartReadingAsync(PendingBatch batch, int place)
    {
        Dataset dataset = DatasetOf(batch.Plan.Places[place]);
        SampleRef sample = await dataset.GetAsync(batch.Plan.Places[place].Visit.Ordinal, _ended).ConfigureAwait(false);
        await _reads.WaitAsync(_ended).ConfigureAwait(false);
        ByteLease lease;
        try
        {
            lease = await _encoded.TakeAsync(sample.Record.Length, _ended).ConfigureAwait(false);
        }
        catch
        {
            _reads.Release();
            throw;
        }

        _ = ReadAsync(dataset, batch, place, sample, lease);
    }

    private async Task ReadAsync(Dataset dataset, PendingBatch batch, int place, SampleRef sample, ByteLease lease)
    {
        try
        {
            IMemoryOwner<byte> file = await dataset.ReadVideoAsync(sample, _ended).ConfigureAwait(false);
            var fetched = new FetchedSample(batch, place, sample, file, lease);
            if (_samples.Writer.TryWrite(fetched))
            {
                _metrics.QueueDepth(LoadingStage.Decode).Inc();
            }
            else
            {
                fetched.Dispose();
            }
        }
        catch (Exception e)
        {
            lease.Dispose();
            batch.Fail(e);
        }
        finally
        {
            _reads.Release();
        }
    }

    private void DecodeAll()
    {
        try
        {
            while (true)
            {
                FetchedSample sample = Wait(_samples.Reader.ReadAsync(_ended));
                _metrics.QueueDepth(LoadingStage.Decode).Dec();
                Decode(sample);
            }
        }
        catch (OperationCanceledException) when (_ended.IsCancellationRequested)
        {
        }
    }

    private void Decode(FetchedSample fetched)
    {
        PendingBatch batch = fetched.Batch;
        try
        {
            if (batch.Finish(fetched.Place, Decode(ref fetched)))
            {
                _metrics.QueueDepth(LoadingStage.Batch).Inc();
            }
        }
        catch (Exception e)
        {
            batch.Fail(e);
        }
        finally
        {
            fetched.Dispose();
        }
    }

    /// <summary>Fills a place, with another clip where its own is damaged.</summary>
    private FinishedPlace Decode(ref FetchedSample fetched)
    {
        Place planned = fetched.Batch.Plan.Places[fetched.Place], place = planned;
        var damaged = new List<DamagedClip>();
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                Cut(fetched, place, isReplacement: attempt > 0);
                _metrics.Samples(SampleOutcome.Good).Inc();
                return new FinishedPlace(place.Visit, fetched.Sample.Record.Label, IsBlank: false, damaged);
            }
            catch (VideoFormatException e)
            {
                _metrics.Samples(SampleOutcome.Damaged).Inc();
                SampleRef sample = fetched.Sample;
                damaged.Add(new DamagedClip(DatasetOf(place).Index.Name, sample.Shard.Name, sample.Record.Key, e.Message));
                if (_pipeline.Source.Replace(planned, attempt, sample, e) is not { } replacement)
                {
                    Blank(fetched);
                    return new FinishedPlace(place.Visit, sample.Record.Label, IsBlank: true, damaged);
                }

                place = replacement;
                fetched.Dispose();
                fetched = Fetch(fetched, replacement);
            }
        }
    }

    private void Cut(FetchedSample fetched, Place place, bool isReplacement)
    {
        using var scope = torch.NewDisposeScope();
        using VideoDecoder video = VideoDecoder.Open(fetched.File.Memory.Span);

        // The decoder has a copy, which the lease goes on to stand for; but what a thread took from its own budget it gives back before
        // it takes more from there.
        fetched.File.Dispose();
        if (isReplacement)
        {
            fetched.Lease.Dispose();
        }

        using ByteLease clip = Wait(_decoding.TakeAsync(ClipReader.BytesOf(video, _pipeline.Cut), _ended));
        using Prometheus.ITimer decoding = _metrics.DecodeSeconds.NewTimer();
        int rows = _pipeline.Source.RowsPerClip;
        _pipeline.Source.Cut(new ClipReader(video, _pipeline.Cut, _views), place, fetched.Batch.Buffer, fetched.Place * rows);
    }

    private void Blank(FetchedSample fetched)
    {
        int rows = _pipeline.Source.RowsPerClip;
        for (int row = 0; row < rows; row++)
        {
            fetched.Batch.Buffer.Blank((fetched.Place * rows) + row);
        }
    }

    /// <summary>Reads a replacement on the decoding thread, from the memory of decoding: that of fetching may be waiting for this thread.</summary>
    private FetchedSample Fetch(FetchedSample damaged, Place place)
    {
        Dataset dataset = DatasetOf(place);
        SampleRef sample = Wait(dataset.GetAsync(place.Visit.Ordinal, _ended));
        ByteLease lease = Wait(_decoding.TakeAsync(sample.Record.Length, _ended));
        try
        {
            IMemoryOwner<byte> file = dataset.ReadVideoAsync(sample, _ended).AsTask().WaitAsync(_ended).GetAwaiter().GetResult();
            return damaged with { Sample = sample, File = file, Lease = lease };
        }
        catch
        {
            lease.Dispose();
            throw;
        }
    }

    private Dataset DatasetOf(Place place) => _pipeline.Datasets[place.Visit.Dataset];
}
