using System.Globalization;
using System.Net;
using Prometheus;

namespace Ppma.Controllers.Requests;

/// <summary>What Kubernetes' own components tell about their requests, under the same names, labels and buckets, so that existing dashboards work.</summary>
internal sealed class RequestMetrics
{
    /// <summary>The code of a request that got no answer.</summary>
    private const string NoAnswer = "<error>";

    private static readonly double[] BucketSeconds = [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60];

    private readonly string _host;
    private readonly Counter _requests;
    private readonly Histogram _durations;
    private readonly Histogram _waits;

    public RequestMetrics(CollectorRegistry registry, string host)
    {
        _host = host;
        MetricFactory metrics = Metrics.WithCustomRegistry(registry);
        _requests = metrics.CreateCounter(
            "rest_client_requests_total", "Requests to the API server by status code (<error>: no answer), method and host.", ["code", "method", "host"]);
        _durations = metrics.CreateHistogram(
            "rest_client_request_duration_seconds", "Seconds from sending a request to the last byte of its answer, watches left out.", Labels());
        _waits = metrics.CreateHistogram(
            "rest_client_rate_limiter_duration_seconds", "Seconds that a request waited for this process's own rate limit.", Labels());
    }

    public void Answered(HttpMethod method, HttpStatusCode? code) =>
        _requests.WithLabels(code is { } known ? ((int)known).ToString(CultureInfo.InvariantCulture) : NoAnswer, method.Method, _host).Inc();

    public void Took(HttpMethod method, TimeSpan time) => _durations.WithLabels(method.Method, _host).Observe(time.TotalSeconds);

    public void Waited(HttpMethod method, TimeSpan time) => _waits.WithLabels(method.Method, _host).Observe(time.TotalSeconds);

    private static HistogramConfiguration Labels() => new() { LabelNames = ["verb", "host"], Buckets = BucketSeconds };
}
