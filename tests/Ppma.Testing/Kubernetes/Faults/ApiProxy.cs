using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Ppma.Testing.Kubernetes.Faults;

/// <summary>
/// A plain HTTP proxy on 127.0.0.1, a free port, before an API server, which does to requests what its rules say, counts them, and lets a
/// test act at the moment before the server sees a request or after it has committed one. Who asks stays who asks: tokens pass through.
/// </summary>
public sealed class ApiProxy : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly Forwarder _forwarder;
    private readonly ConcurrentQueue<ApiCall> _calls = new();
    private readonly ConcurrentDictionary<ApiRule, byte> _rules = new();
    private readonly ConcurrentDictionary<HttpContext, ApiCall> _watches = new();
    private int _number;

    private ApiProxy(KubernetesServer server)
    {
        _forwarder = new Forwarder(server);
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(options =>
        {
            options.Listen(IPAddress.Loopback, 0);
            options.AddServerHeader = false;
            options.Limits.MaxRequestBodySize = null;
            options.Limits.MinResponseDataRate = null;
        });
        _application = builder.Build();
        _application.Run(HandleAsync);
    }

    /// <summary><c>http://127.0.0.1:PORT/</c>.</summary>
    public Uri Address { get; private set; } = new("http://127.0.0.1/");

    /// <summary>Awaited before the server sees a request that no rule keeps from it; an OperationCanceledException of its own keeps it from the server.</summary>
    public Func<ApiCall, Task>? BeforeForward { get; set; }

    /// <summary>Awaited when the server has answered (what it answered with, is committed), before the client hears of it.</summary>
    public Func<ApiCall, HttpStatusCode, Task>? AfterCommit { get; set; }

    /// <summary>All so far, in the order in which they came.</summary>
    public IReadOnlyCollection<ApiCall> Calls => _calls;

    public static async Task<ApiProxy> StartAsync(KubernetesServer server, CancellationToken cancellationToken = default)
    {
        var proxy = new ApiProxy(server);
        await proxy._application.StartAsync(cancellationToken);
        proxy.Address = new Uri(proxy._application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        return proxy;
    }

    /// <summary>Of the calls that match, <paramref name="skip"/> pass, the <paramref name="times"/> after them are hit, and later ones pass. The first rule that takes a call decides.</summary>
    public ApiRule Add(ApiFault fault, Func<ApiCall, bool> matches, int skip = 0, int times = 1)
    {
        var rule = new ApiRule(fault, matches, skip, times);
        _rules.TryAdd(rule, 0);
        return rule;
    }

    public void Remove(ApiRule rule) => _rules.TryRemove(rule, out _);

    /// <summary>How often each kind of call (<see cref="ApiCall.Kind"/>) came so far.</summary>
    public IReadOnlyDictionary<string, int> Count() => _calls.GroupBy(call => call.Kind).ToDictionary(group => group.Key, group => group.Count(), StringComparer.Ordinal);

    /// <summary>Breaks the connections of the watches that are open now; without a condition, of all.</summary>
    public void CutWatches(Func<ApiCall, bool>? matches = null)
    {
        foreach ((HttpContext context, ApiCall call) in _watches)
        {
            if (matches is null || matches(call))
            {
                context.Abort();
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        // Not StopAsync's grace: silent and frozen requests would use it up.
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _application.StopAsync(now.Token);
        await _application.DisposeAsync();
        _forwarder.Dispose();
    }

    private async Task HandleAsync(HttpContext context)
    {
        HttpRequest request = context.Request;
        var call = ApiCall.Parse(Interlocked.Increment(ref _number), request.Method, request.Path.ToUriComponent(), request.QueryString.ToUriComponent());
        _calls.Enqueue(call);
        ApiFault? fault = _rules.Keys.FirstOrDefault(rule => rule.Takes(call))?.Fault;
        try
        {
            if (call.IsWatch)
            {
                _watches.TryAdd(context, call);
            }

            await HandleAsync(context, call, fault);
        }
        catch (Exception error) when (error is OperationCanceledException or IOException or HttpRequestException)
        {
            // The client went away, or the server did: the other side sees a broken connection.
            context.Abort();
        }
        finally
        {
            _watches.TryRemove(context, out _);
        }
    }

    private async Task HandleAsync(HttpContext context, ApiCall call, ApiFault? fault)
    {
        CancellationToken gone = context.RequestAborted;
        switch (fault)
        {
            case ApiFault.Dropped { AfterCommit: false }:
                context.Abort();
                return;
            case ApiFault.Silent:
                await Task.Delay(Timeout.Infinite, gone);
                return;
            case ApiFault.Refused refused:
                await StatusAnswer.WriteAsync(context.Response, refused, call, gone);
                return;
            case ApiFault.Delayed delayed:
                await Task.Delay(delayed.Time, gone);
                break;
        }

        byte[] body = await Forwarder.ReadBodyAsync(context.Request);
        if (BeforeForward is { } before)
        {
            await before(call);
        }

        // A client that has gone meanwhile must not stop what the server may have begun.
        CancellationToken send = call.IsWatch ? gone : CancellationToken.None;
        if (fault is ApiFault.Duplicated)
        {
            (await _forwarder.SendAsync(context.Request, body, send)).Dispose();
        }

        using HttpResponseMessage answer = await _forwarder.SendAsync(context.Request, body, send);
        if (AfterCommit is { } after)
        {
            await after(call, answer.StatusCode);
        }

        if (fault is ApiFault.Dropped)
        {
            context.Abort();
            return;
        }

        await Forwarder.AnswerAsync(context, answer, fault as ApiFault.WatchEnded);
    }
}
