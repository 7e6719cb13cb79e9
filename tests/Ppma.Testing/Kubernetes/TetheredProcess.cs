using System.Diagnostics;

namespace Ppma.Testing.Kubernetes;

/// <summary>
/// A program that knows nothing of its parent's death, held by a shell that does: the shell kills it when its own input ends, which
/// it does with this process, however that ends.
/// </summary>
public sealed class TetheredProcess : IAsyncDisposable
{
    private const int ShownLines = 20;

    // The shell keeps its input as descriptor 3, since a command in the background is given /dev/null. SIGKILL: data and clients are
    // the test's own, and kube-apiserver would wait a minute for open watches.
    private const string Script = """
        log=$1; leave=$2; shift 2
        exec 3<&0 >>"$log" 2>&1
        trap '' INT
        "$@" </dev/null 3<&- &
        child=$!
        { cat <&3 >/dev/null; kill -9 $child; } 2>/dev/null &
        wait $child
        code=$?
        [ -z "$leave" ] || rm -rf "$leave"
        exit $code
        """;

    private readonly string _name;
    private readonly string _log;
    private readonly Process _shell;

    private TetheredProcess(string name, string log, Process shell) => (_name, _log, _shell) = (name, log, shell);

    public bool HasExited => _shell.HasExited;

    /// <summary>Its output and errors go to a log; when it has ended, the folder to leave, if any, is removed.</summary>
    public static TetheredProcess Start(string program, IEnumerable<string> arguments, string log, string? leave = null)
    {
        string name = Path.GetFileName(program);
        var start = new ProcessStartInfo("/bin/sh", ["-c", Script, name, log, leave ?? "", program, .. arguments]) { RedirectStandardInput = true };
        return new TetheredProcess(name, log, Process.Start(start)!);
    }

    /// <summary>Its last lines, for the message of who waits for it in vain.</summary>
    public string Describe(string problem) =>
        $"{_name} {problem}. Its last lines:\n{(File.Exists(_log) ? string.Join('\n', File.ReadLines(_log).TakeLast(ShownLines)) : "(none)")}";

    public async ValueTask DisposeAsync()
    {
        _shell.StandardInput.Close();
        await _shell.WaitForExitAsync();
        _shell.Dispose();
    }
}
