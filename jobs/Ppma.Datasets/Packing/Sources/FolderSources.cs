namespace Ppma.Datasets.Packing.Sources;

/// <summary>
/// Finds samples by where they lie: <c>SPLIT/CLASS/sample</c>, or <c>CLASS/sample</c> with the split's name given, or the samples
/// alone, which then have no labels. A sample is a video, or a folder of frames.
/// </summary>
public static class FolderSources
{
    /// <param name="root">The folder.</param>
    /// <param name="split">Name of the one split; null where the first folders are splits.</param>
    /// <param name="classes">The classes in the order of their labels; null: those found, in ordinal order.</param>
    /// <exception cref="SourceProblemsException">All that is wrong.</exception>
    /// <exception cref="IOException">The folder cannot be read.</exception>
    public static SourceSet Find(string root, string? split = null, IReadOnlyList<string>? classes = null)
    {
        root = Path.GetFullPath(root);
        if (!Directory.Exists(root))
        {
            throw new DirectoryNotFoundException($"{root}: there is no such folder. Name the folder that holds the videos.");
        }

        var search = new Search(root);
        search.Visit("");
        List<SourceProblem> problems = search.Problems;
        int folders = split is null ? 2 : 1;
        bool hasLabels = split is null || search.Found.Any(found => Folders(found.Path).Length > 0);
        foreach ((string path, _) in search.Found)
        {
            if (Folders(path).Length != (hasLabels ? folders : 0))
            {
                problems.Add(new SourceProblem(path, 0, Misplaced(split)));
            }
            else if (split is null && !PackedNames.IsSplit(Folders(path)[0]))
            {
                problems.Add(new SourceProblem(path, 0, "its first folder is its split, whose name has to be 1 to 32 lower-case letters, digits and hyphens"));
            }
            else if (hasLabels && classes is not null && !classes.Contains(Folders(path)[^1]))
            {
                problems.Add(new SourceProblem(path, 0, $"'{Folders(path)[^1]}' is none of the {classes.Count} classes"));
            }
        }

        if (search.Found.Count == 0)
        {
            problems.Add(new SourceProblem(root, 0, $"there are no videos ({string.Join(' ', SourceFiles.VideoExtensions)}) and no folders of JPEG or PNG frames in it"));
        }

        SourceProblemsException.ThrowIfAny(problems);
        IReadOnlyList<string> names = !hasLabels ? []
            : classes ?? [.. search.Found.Select(found => Folders(found.Path)[^1]).Distinct().Order(StringComparer.Ordinal)];
        var labelOf = names.Index().ToDictionary(name => name.Item, name => name.Index, StringComparer.Ordinal);
        return new SourceSet(names, search.Found.AsParallel().AsOrdered().Select(found => Describe(found.Path, found.Kind)), search.Ignored);

        PackSource Describe(string path, SourceKind kind)
        {
            string inSplit = split ?? Folders(path)[0];
            PackSource? source = kind == SourceKind.Video ? SourceFiles.Video(root, path, inSplit) : SourceFiles.Frames(root, path, inSplit);
            return (source ?? throw new FileNotFoundException($"{Path.Combine(root, path)}: it was there a moment ago. Let nothing write there while it is packed."))
                with { Label = hasLabels ? labelOf[Folders(path)[^1]] : -1 };
        }
    }

    private static string[] Folders(string path) => path.Split('/')[..^1];

    private static string Misplaced(string? split) => split is null
        ? "it does not lie in SPLIT/CLASS/; where the folders are classes, name the split (--split), where they are neither, give lists (--list)"
        : "it does not lie in CLASS/, as others do; move it, or give a list (--list)";

    /// <summary>One walk through the folder.</summary>
    private sealed class Search(string root)
    {
        public List<(string Path, SourceKind Kind)> Found { get; } = [];

        public List<SourceProblem> Problems { get; } = [];

        public int Ignored { get; private set; }

        public void Visit(string folder)
        {
            string full = Path.Combine(root, folder);
            string[] files = [.. Directory.EnumerateFiles(full).Where(path => !SourceFiles.IsHidden(path)).Order(StringComparer.Ordinal)];
            string[] folders = [.. Directory.EnumerateDirectories(full).Where(path => !SourceFiles.IsHidden(path)).Order(StringComparer.Ordinal)];
            string[] videos = [.. files.Where(SourceFiles.IsVideo)];
            int frames = files.Count(SourceFiles.IsFrame);
            bool isSample = folder.Length > 0 && frames > 0 && videos.Length == 0;
            if (isSample && folders.Length > 0)
            {
                Problems.Add(new SourceProblem(folder, 0, $"it holds {frames} pictures and folders as well; a folder of frames holds frames alone"));
            }

            if (isSample)
            {
                Found.Add((folder, SourceKind.Frames));
                Ignored += files.Length - frames;
                return;
            }

            Found.AddRange(videos.Select(path => (Join(folder, path), SourceKind.Video)));
            Ignored += files.Length - videos.Length;
            foreach (string inner in folders)
            {
                Visit(Join(folder, inner));
            }
        }

        private static string Join(string folder, string path) => folder.Length == 0 ? Path.GetFileName(path) : $"{folder}/{Path.GetFileName(path)}";
    }
}
