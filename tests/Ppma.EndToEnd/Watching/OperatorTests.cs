using System.Globalization;
using Ppma.EndToEnd.Lab;

namespace Ppma.EndToEnd.Watching;

/// <summary>The operator in its pods.</summary>
public sealed class OperatorTests(Laboratory lab) : LabTest(lab)
{
    /// <summary>Of a process that has had nothing to do yet.</summary>
    private const int GoalMebiBytes = 120;

    /// <summary>What the chart requests for one: it has to do after any work, too.</summary>
    private const int RequestedMebiBytes = 160;

    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(40);

    [Fact]
    public async Task Operator_WithNothingToDo_StaysWithinItsMemory()
    {
        Node.Require();
        double[] worked = await ResidentAsync();
        await Lab.Chart.Kubectl.RunAsync("rollout", "restart", $"deployment/{Chart.Deployment}");
        await Lab.Chart.WaitUntilReadyAsync();
        await Task.Delay(Rest, TestContext.Current.CancellationToken);
        double[] fresh = await ResidentAsync();

        Say($"resident: {Text(fresh)} MiB (goal {GoalMebiBytes}); after the tests before: {Text(worked)} MiB");
        Assert.All(fresh, value => Assert.InRange(value, 1, GoalMebiBytes));
        Assert.All(worked, value => Assert.InRange(value, 1, RequestedMebiBytes));
    }

    private async Task<double[]> ResidentAsync()
    {
        double[] resident =
        [
            .. (await Lab.Chart.PodsAsync()).Select(pod => ResidentMebiBytes(Node.FindProcess(pod.Metadata.Uid, "ppma-operator"))),
        ];
        Assert.Equal(2, resident.Length);
        return resident;
    }

    /// <summary>From the kernel: "VmRSS:	  103424 kB".</summary>
    private static double ResidentMebiBytes(int process) => double.Parse(
        File.ReadLines($"/proc/{process}/status").Single(line => line.StartsWith("VmRSS:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
        CultureInfo.InvariantCulture) / 1024;

    private static string Text(double[] values) => string.Join(" and ", values.Select(value => value.ToString("0", CultureInfo.InvariantCulture)));
}
