using System.Buffers;
using System.Threading.Channels;
using Ppma.Datasets.Metrics;
using Ppma.Datasets.Reading;
using Ppma.Video.Augmentation;
using Ppma.Video.Decoding;
using Prometheus;
using TorchSharp;

namespace Ppma.Video.Loading;

/// <summary>The second half of a stream: fills the places of batches with the views of clips that were read.</summary>
internal sealed class DecodeStage(ViewPipeline pipeline, ChannelReader<FetchedSample> samples, CancellationToken ended)
{
    private readonly StreamMetrics _metrics = pipeline.Options.Metrics;
    private readonly ByteBudget _budget = new(pipeline.Memory.DecodingBytes, pipeline.Options.Metrics.BytesInFlight);
    private readonly ClipViews _views = new(pipeline.Cut.Views);

    /// <summary>Decodes whatever is there, on as many threads as call it, until the stream ends.</summary>
    public void Run()
    {
        try
        {
            while (true)
            {
                FetchedSample sample = Wait(samples.ReadAsync(ended));
                _metrics.QueueDepth(LoadingStage.Decode).Dec();
                Decode(sample);
            }
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
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
                if (pipeline.Source.Replace(planned, attempt, sample, e) is not { } replacement)
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

        using ByteLease clip = Wait(_budget.TakeAsync(ClipReader.BytesOf(video, pipeline.Cut), ended));
        using Prometheus.ITimer decoding = _metrics.DecodeSeconds.NewTimer();
        int rows = pipeline.Source.RowsPerClip;
        pipeline.Source.Cut(new ClipReader(video, pipeline.Cut, _views), place, fetched.Batch.Buffer, fetched.Place * rows);
    }

    private void Blank(FetchedSample fetched)
    {
        int rows = pipeline.Source.RowsPerClip;
        for (int row = 0; row < rows; row++)
        {
            fetched.Batch.Buffer.Blank((fetched.Place * rows) + row);
        }
    }

    /// <summary>Reads a replacement on the decoding thread, from the memory of decoding: that of fetching may be waiting for this thread.</summary>
    private FetchedSample Fetch(FetchedSample damaged, Place place)
    {
        Dataset dataset = DatasetOf(place);
        SampleRef sample = Wait(dataset.GetAsync(place.Visit.Ordinal, ended));
        ByteLease lease = Wait(_budget.TakeAsync(sample.Record.Length, ended));
        try
        {
            Task<IMemoryOwner<byte>> reading = dataset.ReadVideoAsync(sample, ended).AsTask();
            return damaged with { Sample = sample, File = reading.WaitAsync(ended).GetAwaiter().GetResult(), Lease = lease };
        }
        catch
        {
            lease.Dispose();
            throw;
        }
    }

    private Dataset DatasetOf(Place place) => pipeline.Datasets[place.Visit.Dataset];

    // A decoding thread has nothing else to do, so it may wait.
    private static T Wait<T>(ValueTask<T> task) => task.AsTask().GetAwaiter().GetResult();
}
