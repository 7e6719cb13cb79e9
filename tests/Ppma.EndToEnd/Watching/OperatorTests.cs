using System.Globalization;
using System.Text.Json;
using Ppma.EndToEnd.Lab;
using Ppma.Testing;

namespace Ppma.EndToEnd.Watching;

/// <summary>The operator in its pods.</summary>
public sealed class OperatorTests(Laboratory lab) : LabTest(lab)
{
    private const double MebiByte = 1 << 20;
    private const int GoalMebiBytes = 120;

    [Fact]
    public async Task Operator_WithNothingToDo_StaysWithinItsMemory()
    {
        Node.RequirePodNetwork();
        IReadOnlyList<JsonElement> processes = await Eventually.Gives(
            async () => await Lab.Prometheus.QueryAsync("process_working_set_bytes{job=\"ppma-operator\"}") is { Count: > 0 } found ? found : null,
            () => "Prometheus has no operator",
            TestContext.Current.CancellationToken);

        double[] resident = [.. processes.Select(process => double.Parse(process.GetProperty("value")[1].GetString()!, CultureInfo.InvariantCulture) / MebiByte)];
        Say(string.Create(CultureInfo.InvariantCulture, $"resident: {string.Join(", ", resident.Select(value => value.ToString("0", CultureInfo.InvariantCulture)))} MiB (goal {GoalMebiBytes})"));
        Assert.All(resident, value => Assert.InRange(value, 1, GoalMebiBytes));
    }
}
