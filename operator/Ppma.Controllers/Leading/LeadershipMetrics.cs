using Prometheus;

namespace Ppma.Controllers.Leading;

/// <summary>Who leads, under the name that controller-runtime gave it.</summary>
public sealed class LeadershipMetrics
{
    private readonly Gauge _status;

    public LeadershipMetrics(IMetricFactory metrics)
    {
        _status = metrics.CreateGauge(
            "leader_election_master_status", "1 while this process leads under the Lease of this name, else 0.", new GaugeConfiguration { LabelNames = ["name"] });
    }

    internal void Leads(string lease, bool leads) => _status.WithLabels(lease).Set(leads ? 1 : 0);
}
