using Prometheus;

namespace Ppma.Datasets.Metrics;

/// <summary>Every metric of the way from a blob to a batch. Labels are few and closed: a store may hold millions of files.</summary>
public sealed class StreamMetrics
{
    private readonly Counter _retries;
    private readonly Counter _samples;
    private readonly Gauge _queueDepth;

    /// <summary>Metrics that nobody scrapes.</summary>
    public StreamMetrics()
        : this(Prometheus.Metrics.NewCustomRegistry())
    {
    }

    public StreamMetrics(CollectorRegistry registry)
    {
        MetricFactory create = Prometheus.Metrics.WithCustomRegistry(registry);
        Bytes = create.CreateCounter("ppma_stream_bytes_total", "Bytes received from blob storage.");
        RangeSeconds = create.CreateHistogram("ppma_stream_range_seconds", "From asking for a range to its last byte, retries included.", Seconds(0.005));
        _retries = create.CreateCounter("ppma_stream_retries_total", "Requests for a range that had to be made again, by reason.", "reason");
        Hedges = create.CreateCounter("ppma_stream_hedges_total", "Second requests beside one that was slow.");
        RangesInFlight = create.CreateGauge("ppma_stream_ranges_in_flight", "Ranges being received now.");
        BytesInFlight = create.CreateGauge("ppma_inflight_bytes", "Bytes held in memory between storage and the training step.");
        CacheBytes = create.CreateGauge("ppma_cache_bytes", "Bytes that the shard cache takes on its disk.");
        CacheLimitBytes = create.CreateGauge("ppma_cache_limit_bytes", "Bytes that it may take.", new GaugeConfiguration { SuppressInitialValue = true });
        CacheHits = create.CreateCounter("ppma_cache_hits_total", "Reads that found their shard in the cache.");
        CacheMisses = create.CreateCounter("ppma_cache_misses_total", "Reads that had to wait for their shard, or went to storage.");
        CacheEvictions = create.CreateCounter("ppma_cache_evictions_total", "Shards removed from the cache to make room.");
        HashFailures = create.CreateCounter("ppma_hash_failures_total", "Shards and samples whose bytes did not have the recorded hash.");
        _samples = create.CreateCounter("ppma_samples_total", "Samples read for training or evaluation, by outcome.", "outcome");
        DecodeSeconds = create.CreateHistogram("ppma_decode_seconds", "Decoding one clip and cutting its views, one thread.", Seconds(0.001));
        _queueDepth = create.CreateGauge("ppma_queue_depth", "What waits for a decoding thread (decode), and finished batches (batch).", "queue");
        BatchWaitSeconds = create.CreateHistogram("ppma_batch_wait_seconds", "How long a step waited for its batch: the data stall.", Seconds(0.0005));
        Publish<RetryReason>(reason => Retries(reason).Publish());
        Publish<SampleOutcome>(outcome => Samples(outcome).Publish());
        Publish<LoadingStage>(stage => QueueDepth(stage).Publish());
    }

    public Counter Bytes { get; }

    public Histogram RangeSeconds { get; }

    public Counter Hedges { get; }

    public Gauge RangesInFlight { get; }

    public Gauge BytesInFlight { get; }

    public Gauge CacheBytes { get; }

    public Gauge CacheLimitBytes { get; }

    public Counter CacheHits { get; }

    public Counter CacheMisses { get; }

    public Counter CacheEvictions { get; }

    public Counter HashFailures { get; }

    public Histogram DecodeSeconds { get; }

    public Histogram BatchWaitSeconds { get; }

    public Counter.Child Retries(RetryReason reason) => _retries.WithLabels(Label(reason));

    public Counter.Child Samples(SampleOutcome outcome) => _samples.WithLabels(Label(outcome));

    public Gauge.Child QueueDepth(LoadingStage stage) => _queueDepth.WithLabels(Label(stage));

    // A rise is only seen in a series that was there before.
    private static void Publish<T>(Action<T> publish)
        where T : struct, Enum
    {
        foreach (T value in Enum.GetValues<T>())
        {
            publish(value);
        }
    }

    private static HistogramConfiguration Seconds(double least) => new() { Buckets = Histogram.ExponentialBuckets(least, 2, 14) };

    private static string Label<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}
