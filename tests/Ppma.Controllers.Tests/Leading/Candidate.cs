using Microsoft.Extensions.Logging.Abstractions;
using Ppma.Controllers.Leading;
using Prometheus;

namespace Ppma.Controllers.Tests.Leading;

/// <summary>A process that wants to lead, and writes every 100 ms while it does.</summary>
internal sealed class Candidate
{
    private readonly Action _stop;
    private readonly CancellationToken _stopping;

    public Candidate(VirtualWorld world, VirtualLease lease, string identity, double clockRate = 1, TimeSpan wallClockError = default)
    {
        var stop = new CancellationTokenSource();
        _stop = stop.Cancel;
        _stopping = stop.Token;
        Identity = identity;
        Process = new VirtualProcess(world, clockRate, wallClockError);
        Store = new VirtualLeaseStore(world, Process, lease, Network);
        Elector = new LeaseElector(
            Store,
            new LeaseOptions { Namespace = "ns", Name = "l" },
            identity,
            new LeadershipMetrics(Prometheus.Metrics.WithCustomRegistry(Metrics)),
            Process,
            () => 0.5,
            NullLogger<LeaseElector>.Instance);
        Work = WriteAsync;
    }

    public string Identity { get; }

    public VirtualProcess Process { get; }

    public VirtualNetwork Network { get; } = new();

    public VirtualLeaseStore Store { get; }

    public CollectorRegistry Metrics { get; } = Prometheus.Metrics.NewCustomRegistry();

    public LeaseElector Elector { get; }

    public Func<CancellationToken, Task> Work { get; set; }

    /// <summary>Called for every write that <see cref="LeaseElector.Demand"/> let pass.</summary>
    public Action OnWrite { get; set; } = () => { };

    public Task Term { get; private set; } = Task.CompletedTask;

    public bool IsLeading => Elector.IsLeading;

    public CancellationToken WorkToken { get; private set; }

    /// <summary>leader_election_master_status.</summary>
    public double Gauge()
    {
        using var text = new MemoryStream();
        Metrics.CollectAndExportAsTextAsync(text).GetAwaiter().GetResult();
        string line = System.Text.Encoding.UTF8.GetString(text.ToArray()).Split('\n').Single(line => line.StartsWith("leader_election_master_status{", StringComparison.Ordinal));
        return double.Parse(line.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
    }

    public Candidate Start()
    {
        Process.Run(() => Term = Elector.RunAsync(
            token =>
            {
                WorkToken = token;
                return Work(token);
            },
            _stopping));
        return this;
    }

    public void Stop() => Process.Run(_stop);

    private async Task WriteAsync(CancellationToken token)
    {
        while (!token.IsCancellationRequested && !_stopping.IsCancellationRequested)
        {
            // Tries also when it may not: that is what Demand is for.
            try
            {
                Elector.Demand();
                OnWrite();
            }
            catch (LeadershipLostException)
            {
                // Nothing was written.
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), Process, CancellationToken.None);
        }
    }
}
