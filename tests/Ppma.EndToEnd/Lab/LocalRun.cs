namespace Ppma.EndToEnd.Lab;

/// <summary>The same manifests run by <c>ppma run</c> on this machine, once: what the cluster's numbers have to equal.</summary>
public sealed class LocalRun(string name, Func<string> manifests)
{
    private readonly Lazy<Task> _run = new(() => RunAsync(name, manifests()));

    /// <summary>Where its artifacts and report are.</summary>
    public string Folder { get; } = FolderOf(name);

    /// <summary>A file of a run's artifacts: <c>("ppma", "mae/curve.jsonl")</c>.</summary>
    public async Task<string> ReadArtifactAsync(string run, string path)
    {
        await _run.Value;
        string folder = Directory.GetDirectories(Path.Combine(Folder, "default", run)) is [var only]
            ? only
            : throw new InvalidOperationException($"{Folder} holds not one run {run}.");
        return await File.ReadAllTextAsync(Path.Combine(folder, path));
    }

    /// <summary>Runs it, unless that is done.</summary>
    public Task RunAsync() => _run.Value;

    private static string FolderOf(string name) => Path.Combine(Results.Folder, "local", name);

    private static async Task RunAsync(string name, string manifests)
    {
        string file = $"{FolderOf(name)}.yaml";
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await File.WriteAllTextAsync(file, manifests);
        await Shell.RunAsync(Repository.Ppma, ["run", "-f", file, "--data", Data.Folder, "--out", FolderOf(name), "--fresh"]);
    }
}
