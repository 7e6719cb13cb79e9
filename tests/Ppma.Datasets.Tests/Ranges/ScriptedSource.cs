using Ppma.Datasets.Metrics;
using Ppma.Datasets.Ranges;

namespace Ppma.Datasets.Tests.Ranges;

/// <summary>A request that a source got.</summary>
/// <param name="Number">From 0, in the order of arrival.</param>
/// <param name="Offset">First byte.</param>
/// <param name="Length">Bytes asked for.</param>
internal sealed record Asked(int Number, long Offset, long Length);

/// <summary>What a source does with a request.</summary>
internal sealed record Answer
{
    /// <summary>Thrown instead of any answer.</summary>
    public Exception? Failure { get; init; }

    /// <summary>The body goes wrong after so many bytes; null for a good one.</summary>
    public long? Until { get; init; }

    /// <summary>How it goes wrong: it ends when null.</summary>
    public Func<CancellationToken, Task>? Then { get; init; }

    /// <summary>The version that answers; another one has other bytes.</summary>
    public string ETag { get; init; } = ScriptedSource.ETag;

    public static Answer Whole { get; } = new();

    public static Answer Fails(Exception failure) => new() { Failure = failure };

    public static Answer Fails(RetryReason reason, TimeSpan? retryAfter = null) =>
        Fails(new TransientRangeException(reason, $"scripted {reason}", retryAfter));

    public static Answer EndsAfter(long bytes) => new() { Until = bytes };

    public static Answer BreaksAfter(long bytes) => new() { Until = bytes, Then = _ => throw new IOException("scripted reset") };

    public static Answer StallsAfter(long bytes) => new() { Until = bytes, Then = token => Task.Delay(Timeout.Infinite, token) };

    /// <summary>Gives the first bytes, waits for the task, then gives the others.</summary>
    public static Answer PausesAfter(long bytes, Task until) => new() { Until = bytes, Then = until.WaitAsync };
}

/// <summary>One blob in memory, whose answers a script chooses. Counts what is asked and what is open.</summary>
internal sealed class ScriptedSource(byte[] blob, TimeProvider time, Func<Asked, Answer>? script = null) : IRangeSource
{
    public const string ETag = "v1";

    private readonly Lock _lock = new();
    private readonly List<(Asked Asked, DateTimeOffset At)> _requests = [];
    private int _open;

    public IReadOnlyList<Asked> Requests
    {
        get
        {
            lock (_lock)
            {
                return [.. _requests.Select(request => request.Asked)];
            }
        }
    }

    /// <summary>Seconds between each request and the one before.</summary>
    public double[] Gaps => [.. _requests.Zip(_requests.Skip(1), (one, next) => (next.At - one.At).TotalSeconds)];

    public int Open => Volatile.Read(ref _open);

    public int MostOpen { get; private set; }

    public static byte[] Blob(int length) => [.. Enumerable.Range(0, length).Select(place => (byte)((place * 31) ^ (place >> 8)))];

    public string Locate(string name) => $"https://store/{name}";

    public ValueTask<RangeBody> OpenAsync(string name, long offset, long length, string eTag, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Asked asked;
        lock (_lock)
        {
            asked = new Asked(_requests.Count, offset, length);
            _requests.Add((asked, time.GetUtcNow()));
            MostOpen = Math.Max(MostOpen, ++_open);
        }

        Answer answer = script?.Invoke(asked) ?? Answer.Whole;
        if (answer.Failure is { } failure)
        {
            Close();
            throw failure;
        }

        byte[] version = answer.ETag == eTag ? blob : new byte[blob.Length];
        var body = new ScriptedBody(version.AsMemory((int)offset, (int)Math.Min(length, Math.Max(0, blob.Length - offset))), answer);
        return ValueTask.FromResult(new RangeBody(body, answer.ETag, blob.Length, new OnDispose(Close)));
    }

    private void Close()
    {
        lock (_lock)
        {
            _open--;
        }
    }

    private sealed class OnDispose(Action action) : IDisposable
    {
        public void Dispose() => action();
    }
}
