using System.Runtime.CompilerServices;

namespace Ppma.Integration.Tests;

/// <summary>Tells a hang from a failure. Far beyond what the work takes, also on a loaded machine: it measures nothing.</summary>
internal static class Deadline
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    public static async Task WithinDeadline(this Task work, Func<string?> state, [CallerArgumentExpression(nameof(work))] string what = "")
    {
        if (await Task.WhenAny(work, Task.Delay(Patience, TestContext.Current.CancellationToken)) != work)
        {
            Assert.Fail($"After {Patience.TotalMinutes:0} minutes this still hangs: {what}. {state()}");
        }

        await work;
    }
}
