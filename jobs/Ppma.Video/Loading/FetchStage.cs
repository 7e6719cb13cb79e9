using System.Buffers;
using System.Threading.Channels;
using Ppma.Datasets.Metrics;
using Ppma.Datasets.Reading;

namespace Ppma.Video.Loading;

/// <summary>The first half of a stream: goes through the plans, as far ahead as there is memory for, and reads the files of their clips.</summary>
internal sealed class FetchStage(
    ViewPipeline pipeline, BatchBuffers buffers, ChannelWriter<PendingBatch> batches, ChannelWriter<FetchedSample> samples, CancellationToken ended)
{
    /// <summary>Enough to hide the way to a store from the threads.</summary>
    private const int MostReads = 16;

    private readonly StreamMetrics _metrics = pipeline.Options.Metrics;
    private readonly ByteBudget _budget = new(pipeline.Memory.EncodedBytes, pipeline.Options.Metrics.BytesInFlight);

    /// <summary>Ends with the plans, at a fault, which it leaves with the batch, or when the stream ends.</summary>
    public async Task RunAsync(IEnumerable<BatchPlan> plans)
    {
        // Reads that do not listen when the stream ends give it back later, so no one disposes it.
        var reads = new SemaphoreSlim(MostReads);
        Exception? fault = null;
        PendingBatch? batch = null;
        try
        {
            foreach (BatchPlan plan in plans)
            {
                BatchBuffer buffer = await buffers.RentAsync(plan.Places.Count * pipeline.Source.RowsPerClip, ended).ConfigureAwait(false);
                batch = new PendingBatch(plan, buffer);
                await batches.WriteAsync(batch, CancellationToken.None).ConfigureAwait(false);
                for (int place = 0; place < plan.Places.Count; place++)
                {
                    await StartReadingAsync(batch, place, reads).ConfigureAwait(false);
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

        batches.Complete(fault);
    }

    private async Task StartReadingAsync(PendingBatch batch, int place, SemaphoreSlim reads)
    {
        Place planned = batch.Plan.Places[place];
        Dataset dataset = pipeline.Datasets[planned.Visit.Dataset];
        SampleRef sample = await dataset.GetAsync(planned.Visit.Ordinal, ended).ConfigureAwait(false);
        await reads.WaitAsync(ended).ConfigureAwait(false);
        ByteLease lease;
        try
        {
            lease = await _budget.TakeAsync(sample.Record.Length, ended).ConfigureAwait(false);
        }
        catch
        {
            reads.Release();
            throw;
        }

        if (planned.Expected is { } shards)
        {
            dataset.Expect(shards);
        }

        _ = ReadAsync(dataset, batch, place, sample, lease, reads);
    }

    private async Task ReadAsync(Dataset dataset, PendingBatch batch, int place, SampleRef sample, ByteLease lease, SemaphoreSlim reads)
    {
        try
        {
            IMemoryOwner<byte> file = await dataset.ReadVideoAsync(sample, ended).ConfigureAwait(false);
            var fetched = new FetchedSample(batch, place, sample, file, lease);
            if (samples.TryWrite(fetched))
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
            reads.Release();
        }
    }
}
