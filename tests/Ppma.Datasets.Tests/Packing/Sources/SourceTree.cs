namespace Ppma.Datasets.Tests.Packing.Sources;

/// <summary>A folder of small files that stand for videos and frames.</summary>
internal sealed class SourceTree : IDisposable
{
    private readonly TempFolder _folder = new();

    public SourceTree(params string[] files)
    {
        foreach (string file in files)
        {
            Add(file);
        }
    }

    public string Path => _folder.Path;

    public string this[string name] => _folder[name];

    /// <summary>A file whose content is its name, unless given, written at one fixed time.</summary>
    public string Add(string file, string? content = null)
    {
        string path = _folder[file];
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content ?? file);
        File.SetLastWriteTimeUtc(path, new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc));
        return path;
    }

    public void Dispose() => _folder.Dispose();
}
