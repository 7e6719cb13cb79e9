using Ppma.Datasets.Metrics;
using Ppma.Datasets.Stores;

namespace Ppma.Datasets.Ranges;

/// <summary>
/// Reads a part of a blob range by range, as many at once as the budget gives. Every request names one version of the blob; it is
/// given up when it stalls, and the range continued from the byte it reached, a bounded number of times; a range that is much slower than
/// its peers is hedged. Thread-safe.
/// </summary>
internal sealed class RangeReader(
    IRangeSource source, RangeOptions options, RangeBudget budget, StreamMetrics metrics, TimeProvider time, Func<double> jitter)
{
    private readonly RangePace _pace = new(options);

    /// <summary>Fills the memory with the bytes from <paramref name="offset"/> on.</summary>
    public Task ReadAsync(string name, string eTag, long offset, Memory<byte> buffer, CancellationToken cancellationToken) =>
        ReadAsync(name, eTag, offset, buffer.Length, (start, end) => new MemoryCursor(start, buffer[(int)(start - offset)..(int)(end - offset)]), cancellationToken);

    /// <summary>Gives the bytes from <paramref name="offset"/> on to the sink. After this returns or throws, the sink is not called again.</summary>
    public Task CopyAsync(string name, string eTag, long offset, long length, IRangeSink sink, CancellationToken cancellationToken) =>
        ReadAsync(name, eTag, offset, length, (start, end) => new SinkCursor(start, end, sink, metrics), cancellationToken);

    private async Task ReadAsync(
        string name, string eTag, long offset, long length, Func<long, long, RangeCursor> place, CancellationToken cancellationToken)
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var running = new List<Task>();
        try
        {
            for (long start = offset; start < offset + length; start += options.RangeBytes)
            {
                await budget.EnterAsync(stopping.Token);
                running.RemoveAll(range => range.IsCompletedSuccessfully);
                running.Add(ReadRangeAsync(name, eTag, place(start, Math.Min(start + options.RangeBytes, offset + length)), stopping));
            }

            await Task.WhenAll(running);
        }
        catch (Exception)
        {
            await stopping.CancelAsync();
            await Task.WhenAll(running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

            // The range that failed, not those that were cancelled because of it.
            await (running.Find(range => range.IsFaulted) ?? Task.CompletedTask);
            throw;
        }
    }

    /// <summary>One range, whose place in the budget is taken; hands it back. A failure stops the other ranges of the same read.</summary>
    private async Task ReadRangeAsync(string name, string eTag, RangeCursor cursor, CancellationTokenSource stopping)
    {
        long bytes = cursor.Remaining;
        long begun = time.GetTimestamp();
        metrics.RangesInFlight.Inc();
        try
        {
            using (cursor)
            {
                await ReadHedgedAsync(name, eTag, cursor, stopping.Token);
            }

            _pace.Add(bytes, time.GetElapsedTime(begun));
        }
        catch (Exception problem) when (problem is not OperationCanceledException)
        {
            await stopping.CancelAsync();
            throw;
        }
        finally
        {
            metrics.RangesInFlight.Dec();
            metrics.RangeSeconds.Observe(time.GetElapsedTime(begun).TotalSeconds);
            budget.Leave();
        }
    }

    private async Task ReadHedgedAsync(string name, string eTag, RangeCursor cursor, CancellationToken cancellationToken)
    {
        var retries = new Retries(source.Locate(name), options, time, jitter, metrics);
        if (_pace.Patience(cursor.Remaining) is not { } patience)
        {
            await PumpAsync(name, eTag, cursor, retries, cancellationToken);
            return;
        }

        using var stopFirst = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var stopSecond = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task first = PumpAsync(name, eTag, cursor, retries, stopFirst.Token);
        await Task.WhenAny(first, Task.Delay(patience, time, stopSecond.Token));

        // A throttled service is not helped by more requests.
        if (first.IsCompleted || cancellationToken.IsCancellationRequested || retries.Throttled || cursor.Settled == cursor.End || !_pace.TryHedge())
        {
            await stopSecond.CancelAsync();
            await first;
            return;
        }

        metrics.Hedges.Inc();
        using RangeCursor rest = cursor.Rest();
        Task second = RequestAsync(name, eTag, rest, stopSecond.Token);
        await Task.WhenAny(first, second);
        if (!second.IsCompletedSuccessfully)
        {
            // The second has failed, or the first has ended: well, for good, or because its tries are used up, which the second may yet mend.
            await first.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (first.Exception?.InnerException is StoreException { Failure: StoreFailure.Unavailable })
            {
                await second.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        // Both must have let go of the memory and the sink before this returns.
        await stopFirst.CancelAsync();
        await stopSecond.CancelAsync();
        await Task.WhenAll(first, second).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!second.IsCompletedSuccessfully)
        {
            await first;
        }
    }

    /// <summary>Request after request until the cursor is at its end.</summary>
    private async Task PumpAsync(string name, string eTag, RangeCursor cursor, Retries retries, CancellationToken cancellationToken)
    {
        while (cursor.Remaining > 0)
        {
            long reached = cursor.Reached;
            try
            {
                await RequestAsync(name, eTag, cursor, cancellationToken);
            }
            catch (TransientRangeException cause)
            {
                if (cursor.Reached > reached)
                {
                    retries.Progress();
                }

                await retries.WaitAsync(cause, cancellationToken);
            }
        }
    }

    /// <summary>One request for all that the cursor lacks.</summary>
    private async Task RequestAsync(string name, string eTag, RangeCursor cursor, CancellationToken cancellationToken)
    {
        using var stall = new CancellationTokenSource(options.StallTimeout, time);
        await using CancellationTokenRegistration given = cancellationToken.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), stall);
        try
        {
            await using RangeBody body = await source.OpenAsync(name, cursor.Reached, cursor.Remaining, eTag, stall.Token);
            Check(name, eTag, body, cursor.End);
            while (cursor.Remaining > 0)
            {
                stall.CancelAfter(options.StallTimeout);
                int read = await ReadSomeAsync(body.Content, cursor.Free, stall.Token);
                stall.CancelAfter(Timeout.InfiniteTimeSpan);
                metrics.Bytes.Inc(read);
                await cursor.AdvanceAsync(read, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (stall.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new TransientRangeException(RetryReason.Stalled, $"no byte came for {options.StallTimeout.TotalSeconds:0.###} s");
        }
    }

    private static async ValueTask<int> ReadSomeAsync(Stream content, Memory<byte> memory, CancellationToken cancellationToken)
    {
        int read;
        try
        {
            read = await content.ReadAsync(memory, cancellationToken);
        }
        catch (HttpIOException problem) when (problem.HttpRequestError == HttpRequestError.ResponseEnded)
        {
            read = 0;
        }
        catch (Exception problem) when (problem is IOException or HttpRequestException)
        {
            throw new TransientRangeException(RetryReason.Connection, $"the connection broke ({problem.Message})", innerException: problem);
        }

        return read > 0 ? read : throw new TransientRangeException(RetryReason.Truncated, "the answer ended before the range did");
    }

    /// <summary>The answer is of the right version, and the blob is long enough.</summary>
    private void Check(string name, string eTag, RangeBody body, long end)
    {
        if (body.ETag != eTag)
        {
            // The service refuses another version with 412, so this answer contradicts itself: something between here and there made it.
            throw new TransientRangeException(RetryReason.Version, $"version {body.ETag} answered where {eTag} was asked for");
        }

        if (body.TotalLength < end)
        {
            throw new StoreException(
                StoreFailure.ShortRead,
                source.Locate(name),
                $"the bytes before {end} were asked for, but the blob has {body.TotalLength}",
                "Upload the blob again from its source, or index the data set again");
        }
    }
}
