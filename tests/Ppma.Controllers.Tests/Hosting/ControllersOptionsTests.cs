using Microsoft.Extensions.DependencyInjection;
using Ppma.Controllers.Caching;
using Ppma.Controllers.Hosting;
using Ppma.Controllers.Leading;
using Ppma.Controllers.Reconciling;
using Ppma.Controllers.Requests;

namespace Ppma.Controllers.Tests.Hosting;

public sealed class ControllersOptionsTests
{
    private static readonly LeaseOptions Lease = new() { Namespace = "lab", Name = "controllers" };

    [Fact]
    public void Options_LeftAlone_AreSound() => Assert.Empty(new ControllersOptions { Lease = Lease }.Problems());

    [Fact]
    public void AddControllers_WithUnsoundOptions_NamesEveryProblemAndValue()
    {
        var options = new ControllersOptions
        {
            Lease = Lease with { RenewDeadline = TimeSpan.FromSeconds(20) },
            Requests = new RequestOptions { QueriesPerSecond = 50, Burst = 10 },
            Namespace = " ",
            Reconcile = new ReconcileOptions { Workers = 0, ShortestRetry = TimeSpan.FromMinutes(9) },
            Reflector = new ReflectorOptions { ShortestWatch = TimeSpan.FromHours(1), Grace = TimeSpan.Zero },
            ShutdownTimeout = TimeSpan.FromSeconds(-1),
        };

        var message = Assert.Throws<ArgumentException>(() => new ServiceCollection().AddControllers(options)).Message;

        Assert.Contains("RenewDeadline is 00:00:20", message, StringComparison.Ordinal);
        Assert.Contains("Requests.Burst is 10", message, StringComparison.Ordinal);
        Assert.Contains("Namespace is blank", message, StringComparison.Ordinal);
        Assert.Contains("Reconcile.Workers is 0", message, StringComparison.Ordinal);
        Assert.Contains("Reconcile.ShortestRetry is 00:09:00", message, StringComparison.Ordinal);
        Assert.Contains("Reflector.ShortestWatch is 01:00:00", message, StringComparison.Ordinal);
        Assert.Contains("Reflector.Grace is 00:00:00", message, StringComparison.Ordinal);
        Assert.Contains("ShutdownTimeout is -00:00:01", message, StringComparison.Ordinal);
    }
}
