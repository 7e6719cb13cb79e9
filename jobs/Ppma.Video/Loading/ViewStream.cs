using System.Threading.Channels;
using Ppma.Datasets.Metrics;
using Prometheus;

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
    private readonly StreamMetrics _metrics;
    private readonly CancellationTokenSource _ending;
    private readonly CancellationToken _ended;
    private readonly BatchBuffers _buffers;
    private readonly Channel<PendingBatch> _batches;

    // Bounded by the bytes of what is in it.
    private readonly Channel<FetchedSample> _samples = Channel.CreateUnbounded<FetchedSample>();
    private readonly Task _fetching;
    private readonly DecodingThreads _threads;
    private PendingBatch? _awaited;

    public ViewStream(ViewPipeline pipeline, IEnumerable<BatchPlan> plans, CancellationToken cancellationToken)
    {
        _metrics = pipeline.Options.Metrics;
        _ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _ended = _ending.Token;
        _buffers = pipeline.CreateBuffers();
        _batches = Channel.CreateBounded<PendingBatch>(pipeline.Memory.Batches);
        var decode = new DecodeStage(pipeline, _samples.Reader, _ended);
        _threads = new DecodingThreads(pipeline.Options.Threads, decode.Run);
        var fetch = new FetchStage(pipeline, _buffers, _batches.Writer, _samples.Writer, _ended);
        _fetching = Task.Run(() => fetch.RunAsync(plans), CancellationToken.None);
    }

    /// <summary>The next batch, as soon as it is whole; null when there are no more.</summary>
    public PendingBatch? Next()
    {
        using Prometheus.ITimer waiting = _metrics.BatchWaitSeconds.NewTimer();
        if (!_batches.Reader.WaitToReadAsync(_ended).AsTask().GetAwaiter().GetResult() || !_batches.Reader.TryRead(out PendingBatch? batch))
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

    private void Drop(PendingBatch? batch)
    {
        if (batch is { IsWhole: true })
        {
            _metrics.QueueDepth(LoadingStage.Batch).Dec();
        }

        batch?.Buffer.Dispose();
    }
}
