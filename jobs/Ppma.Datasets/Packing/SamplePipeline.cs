using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Ppma.Datasets.Packing.Sources;

namespace Ppma.Datasets.Packing;

/// <summary>Encodes sources side by side and gives them back in their order.</summary>
internal static class SamplePipeline
{
    /// <summary>
    /// At most <paramref name="threads"/> sources are encoded at once and as many wait encoded; when the enumeration ends, for
    /// whatever reason, no thread is left running.
    /// </summary>
    public static async IAsyncEnumerable<EncodingOutcome> RunAsync(
        IEnumerable<PackSource> sources, ISampleEncoder encoder, int threads, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var free = new SemaphoreSlim(threads);
        Channel<Task<EncodingOutcome>> started = Channel.CreateBounded<Task<EncodingOutcome>>(threads);
        Task starting = StartAsync();
        try
        {
            await foreach (Task<EncodingOutcome> encoding in started.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                yield return await encoding.ConfigureAwait(false);
            }

            await starting.ConfigureAwait(false);
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await starting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            while (started.Reader.TryRead(out Task<EncodingOutcome>? left))
            {
                await ((Task)left).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        async Task StartAsync()
        {
            Task<EncodingOutcome>? latest = null;
            try
            {
                foreach (PackSource source in sources)
                {
                    await free.WaitAsync(stop.Token).ConfigureAwait(false);
                    latest = Task.Factory.StartNew(() => Encode(source), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
                    await started.Writer.WriteAsync(latest, stop.Token).ConfigureAwait(false);
                }
            }
            finally
            {
                started.Writer.Complete();
                if (stop.IsCancellationRequested && latest is not null)
                {
                    await ((Task)latest).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                }
            }
        }

        EncodingOutcome Encode(PackSource source)
        {
            try
            {
                return new EncodingOutcome(source, encoder.Encode(source, stop.Token), Damage: null);
            }
            catch (DamagedSourceException damage)
            {
                return new EncodingOutcome(source, Sample: null, damage);
            }
            finally
            {
                free.Release();
            }
        }
    }
}
