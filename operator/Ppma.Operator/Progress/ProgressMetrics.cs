using Prometheus;

namespace Ppma.Operator.Progress;

/// <summary>How asking workers goes.</summary>
internal sealed class ProgressMetrics
{
    private readonly Counter _replies;

    public ProgressMetrics(CollectorRegistry registry)
    {
        var create = Metrics.WithCustomRegistry(registry);
        _replies = create.CreateCounter("ppma_operator_progress_replies_total", "Workers that were asked for their progress, by outcome: answered or failed.", "outcome");
        Deferred = create.CreateCounter("ppma_operator_progress_deferred_total", "Progress that waited because the budget of status writes was used up.");
    }

    public Counter Deferred { get; }

    public Counter.Child Replies(bool answered) => _replies.WithLabels(answered ? "answered" : "failed");
}
