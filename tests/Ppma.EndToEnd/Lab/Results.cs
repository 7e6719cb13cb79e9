using System.Globalization;
using System.Text;
using k8s.Models;

namespace Ppma.EndToEnd.Lab;

/// <summary>What is left of the tests: a row each in a table, and of those that failed all that the cluster knew.</summary>
public sealed class Results
{
    private readonly List<string> _rows = [];
    private readonly List<string> _notes = [];

    /// <summary>artifacts/e2e in the clone, unless <c>PPMA_E2E_RESULTS</c> names another folder.</summary>
    public static string Folder { get; } = Path.GetFullPath(
        Environment.GetEnvironmentVariable("PPMA_E2E_RESULTS") is { Length: > 0 } folder ? folder : Repository.PathOf("artifacts", "e2e"));

    /// <summary>Shown on the way, and kept beside the table: what was overridden, what was measured.</summary>
    public void Note(string note)
    {
        lock (_notes)
        {
            _notes.Add(note);
        }

        Console.WriteLine(note);
    }

    public void Add(string testClass, string test, TestResultState? state, TimeSpan time, string said)
    {
        string outcome = state?.Result switch
        {
            TestResult.Passed => "passed",
            TestResult.Skipped => $"skipped: {state.ExceptionMessages?.FirstOrDefault()}",
            _ => "FAILED",
        };
        string row = $"| {testClass.Replace("Tests", "", StringComparison.Ordinal)} | {test.Replace('_', ' ')} | {outcome} | {time.TotalSeconds.ToString("0", CultureInfo.InvariantCulture)} s | {said.ReplaceLineEndings(" ").Replace("|", "\\|", StringComparison.Ordinal)} |";
        lock (_rows)
        {
            _rows.Add(row);
        }
    }

    /// <summary>Writes summary.md, and prints it.</summary>
    public void Write()
    {
        Directory.CreateDirectory(Folder);
        var text = new StringBuilder("| | test | outcome | time | what was said |\n|---|---|---|---|---|\n");
        foreach (string row in _rows)
        {
            text.Append(row).Append('\n');
        }

        text.Append('\n').AppendJoin('\n', _notes).Append('\n');
        File.WriteAllText(Path.Combine(Folder, "summary.md"), text.ToString());
        Console.WriteLine(text);
    }

    /// <summary>Keeps a namespace's resources, events, logs of pods, and the operator's log.</summary>
    public static async Task DumpAsync(Space space)
    {
        string folder = Path.Combine(Folder, "failed", space.Name);
        Directory.CreateDirectory(folder);
        await KeepAsync("resources.yaml", space.Kubectl, "get", "videodatasets,pretrainruns,evalruns,jobs,pods,configmaps", "--output", "yaml");
        await KeepAsync("events.txt", space.Kubectl, "get", "events", "--sort-by=.lastTimestamp");
        await KeepAsync("pods.txt", space.Kubectl, "describe", "pods");
        await KeepAsync("operator.log", new Kubectl(Chart.Space), "logs", "--selector", Chart.PodSelector, "--all-containers", "--prefix", "--tail", "5000");
        foreach (V1Pod pod in (await space.Kubectl.ListAsync<V1PodList>("pods")).Items)
        {
            await KeepAsync($"{pod.Metadata.Name}.log", space.Kubectl, "logs", pod.Metadata.Name, "--all-containers");
        }

        Console.WriteLine($"   what was known of {space.Name} is in {folder}");

        async Task KeepAsync(string file, Kubectl kubectl, params string[] arguments)
        {
            (_, string output, string errors) = await kubectl.TryAsync(arguments);
            await File.WriteAllTextAsync(Path.Combine(folder, file), output + errors);
        }
    }
}
