using Ppma.Testing;
using Ppma.Testing.Kubernetes;

namespace Ppma.Cluster.Tests.Lives;

/// <summary>The real <c>ppma-operator</c>, one process after the other, for one namespace. Its log goes on from one to the next.</summary>
/// <param name="namespace">Where it leads, and what it looks after.</param>
/// <param name="kubeconfig">The server, and who it is there.</param>
/// <param name="settings">Settings that win over those a test usually has.</param>
internal sealed class OperatorUnderTest(string @namespace, string kubeconfig, params string[] settings) : IAsyncDisposable
{
    private readonly TempFolder _folder = new("operator");
    private TetheredProcess? _process;
    private int _starts;

    public int Starts => _starts;

    private string Log => Path.Combine(_folder.Path, "operator.log");

    /// <summary>Starts a process; none may run. Each has a Lease of its own, since that of a killed one would hold for its whole time.</summary>
    public void Start() => _process = TetheredProcess.Start(
        Path.Combine(AppContext.BaseDirectory, "ppma-operator"),
        [
            "--kubeconfig", kubeconfig,
            "--namespace", @namespace,
            "--lease-namespace", @namespace,
            "--lease-name", $"life-{Interlocked.Increment(ref _starts)}",
            "--worker-image", "ppma-worker:test",
            "--port", "0",
            "--log-format", "text",
            .. settings,
        ],
        Log);

    /// <summary>SIGKILL; returns when it is gone.</summary>
    public async Task KillAsync()
    {
        if (_process is { } process)
        {
            _process = null;
            await process.DisposeAsync();
        }
    }

    /// <summary>The last lines of its log.</summary>
    public string Describe(int lines = 30) => File.Exists(Log) ? string.Join('\n', File.ReadLines(Log).TakeLast(lines)) : "(no log)";

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _folder.Dispose();
    }
}
