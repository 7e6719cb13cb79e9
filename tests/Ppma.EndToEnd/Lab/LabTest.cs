using System.Diagnostics;

namespace Ppma.EndToEnd.Lab;

/// <summary>
/// A test in a namespace of its own, which goes when it is over; when it failed, all that can be known of it is kept first. Each has a
/// row in the summary.
/// </summary>
public abstract class LabTest(Laboratory lab) : IAsyncLifetime
{
    private readonly Stopwatch _time = Stopwatch.StartNew();
    private string _said = "";

    protected Laboratory Lab { get; } = lab;

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>The test's own namespace.</summary>
    protected Space Space { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Space = await Lab.OpenAsync(GetType().Name, TestContext.Current.TestMethod!.MethodName);

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        TestResultState? state = TestContext.Current.TestState;
        if (state?.Result == TestResult.Failed)
        {
            await Results.DumpAsync(Space);
        }

        Lab.Results.Add(GetType().Name, TestContext.Current.TestMethod!.MethodName, state, _time.Elapsed, _said);
        await Lab.CloseAsync(Space);
    }

    /// <summary>What the summary shows of this test: the words of the condition that a person would read, or a measured number.</summary>
    protected void Say(string said) => _said = _said.Length == 0 ? said : $"{_said}; {said}";
}
