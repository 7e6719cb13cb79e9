using System.Buffers;
using System.Net;
using Microsoft.Extensions.Options;

namespace Ppma.Operator.Progress;

/// <summary>Asks one worker how far it is. Whoever answers gets no cookie and no credentials, and cannot send the question elsewhere.</summary>
internal sealed class ProgressClient : IDisposable
{
    private readonly HttpClient _http;
    private readonly int _timeoutSeconds;
    private readonly TimeProvider _time;

    public ProgressClient(IOptions<ProgressOptions> options, TimeProvider time)
    {
        _timeoutSeconds = options.Value.TimeoutSeconds;
        _time = time;
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            MaxConnectionsPerServer = 1,
            MaxResponseHeadersLength = 16,
            MaxResponseDrainSize = 0,
            ActivityHeadersPropagator = null,
        };

        // The time-out is ours, by the clock that tests turn.
        _http = new HttpClient(handler, disposeHandler: true) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <exception cref="OperationCanceledException">Only by <paramref name="cancellationToken"/>; whatever the worker does is a reply.</exception>
    public async Task<ProgressReply> AskAsync(Uri uri, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(_timeoutSeconds), _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            using var response = await _http.GetAsync(uri, HttpCompletionOption.ResponseHeadersRead, either.Token);
            return response.StatusCode == HttpStatusCode.OK
                ? await ReadAsync(response.Content, either.Token)
                : ProgressReply.Failed($"answers with HTTP {(int)response.StatusCode}");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return ProgressReply.Failed($"does not answer within {_timeoutSeconds} s");
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return ProgressReply.Failed($"cannot be asked: {e.Message}");
        }
    }

    public void Dispose() => _http.Dispose();

    private static async Task<ProgressReply> ReadAsync(HttpContent content, CancellationToken cancellationToken)
    {
        const int TooMany = ProgressAnswer.MaxBytes + 1;
        var buffer = ArrayPool<byte>.Shared.Rent(TooMany);
        try
        {
            await using var body = await content.ReadAsStreamAsync(cancellationToken);
            var read = await body.ReadAtLeastAsync(buffer.AsMemory(0, TooMany), TooMany, throwOnEndOfStream: false, cancellationToken);
            return read == TooMany
                ? ProgressReply.Failed($"answers with more than {ProgressAnswer.MaxBytes / 1024} KiB")
                : ProgressAnswer.Read(buffer.AsSpan(0, read));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
