using Ppma.Operator.Tests.Runs;

namespace Ppma.Operator.Tests.Datasets;

/// <summary>The operator's process ends before or after the server commits any request of a data set's life.</summary>
public sealed class KilledOperatorTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Reconcile_KilledAtAnyRequest_ComesToTheSameEndWithoutASecondJob(bool committed)
    {
        var whole = new DatasetCluster();
        await LiveAsync(whole);
        var calls = whole.Api.Calls;
        Assert.True(calls >= 8);

        for (var call = 0; call < calls; call++)
        {
            var cluster = new DatasetCluster();
            cluster.Api.Kill = (call, committed);
            await LiveAsync(cluster);

            Assert.Equal(whole.Ready, cluster.Ready);
            Assert.Equal((whole.Status.Digest, whole.Status.VerifiedGeneration, whole.Status.Attempt), (cluster.Status.Digest, cluster.Status.VerifiedGeneration, cluster.Status.Attempt));
            Assert.Empty(cluster.Jobs.OnServer);
            Assert.All(
                cluster.Api.Committed.Where(request => request.StartsWith("POST Job", StringComparison.Ordinal)).GroupBy(request => request),
                same => Assert.Single(same));
        }
    }

    [Fact]
    public async Task Reconcile_JobThatNoCacheShowsAndThatIsOver_IsTakenForWhatItFound()
    {
        var cluster = new DatasetCluster();
        cluster.Api.Kill = (1, true);
        await Assert.ThrowsAsync<ProcessKilledException>(cluster.SettleAsync);
        cluster.Restart();
        cluster.Succeed();
        cluster.Time.Advance(TimeSpan.FromMinutes(1));
        cluster.Pods.Sync();

        await cluster.LookAsync();

        Assert.Equal(("True DatasetVerified", 1), (cluster.Ready, cluster.Status.Attempt));
    }

    // Applied, verified; changed, verified again.
    private static async Task LiveAsync(DatasetCluster cluster)
    {
        await SettleAsync(cluster);
        cluster.Succeed();
        await SettleAsync(cluster);
        cluster.Edit(spec => spec with { Licence = "CC0-1.0" });
        await SettleAsync(cluster);
        cluster.Succeed();
        await SettleAsync(cluster);
    }

    private static async Task SettleAsync(DatasetCluster cluster)
    {
        try
        {
            await cluster.SettleAsync();
        }
        catch (ProcessKilledException)
        {
            cluster.Restart();
            await cluster.SettleAsync();
        }
    }
}
