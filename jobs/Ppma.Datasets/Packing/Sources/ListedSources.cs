using System.Globalization;

namespace Ppma.Datasets.Packing.Sources;

/// <summary>Finds the samples that split files name.</summary>
public static class ListedSources
{
    /// <param name="root">The folder that the paths are relative to.</param>
    /// <param name="lists">One or more for each split.</param>
    /// <param name="classes">The classes in the order of their labels; null where the lists give names, which then are the classes.</param>
    /// <exception cref="SourceProblemsException">Everything that is wrong, by file and line.</exception>
    public static SourceSet Find(string root, IReadOnlyList<SourceList> lists, IReadOnlyList<string>? classes = null)
    {
        root = Path.GetFullPath(root);
        (SourceList List, SourceLine Line)[] lines = [.. lists.SelectMany(list => list.Lines.Select(line => (list, line)))];
        var problems = new List<SourceProblem>();
        problems.AddRange(lists.Where(list => list.Lines.Count == 0).Select(list => new SourceProblem(list.File, 0, "it has no lines")));

        ListedLabels labels = ListedLabels.Of(lines.Select(line => line.Line.Label), classes);
        if (labels.NeedsClasses)
        {
            problems.Add(new SourceProblem(
                lists[0].File, 0, "the labels are numbers, and nothing says what they mean; name the classes, one a line, the first for label 0 (--classes FILE)"));
        }

        (PackSource? Source, string? Problem)[] found = [.. lines.AsParallel().AsOrdered().Select(line => Resolve(root, line.Line.Path, line.List.Split))];
        var firstOf = new Dictionary<string, (SourceList List, SourceLine Line)>(StringComparer.Ordinal);
        var sources = new List<PackSource>();
        for (int i = 0; i < lines.Length; i++)
        {
            (SourceList list, SourceLine line) = lines[i];
            if (!labels.TryFind(line.Label, out int label, out string? problem))
            {
                problems.Add(new SourceProblem(list.File, line.Number, problem));
            }

            if (found[i].Source is not { } source)
            {
                problems.Add(new SourceProblem(list.File, line.Number, found[i].Problem!));
            }
            else if (!firstOf.TryAdd(source.RelativePath, lines[i]))
            {
                (SourceList List, SourceLine Line) first = firstOf[source.RelativePath];
                problems.Add(new SourceProblem(list.File, line.Number, $"'{line.Path}' is in {first.List.File}:{first.Line.Number} already"));
            }
            else
            {
                sources.Add(source with { Label = label });
            }
        }

        SourceProblemsException.ThrowIfAny(problems);
        return new SourceSet(labels.Classes, sources);
    }

    /// <summary>
    /// The file or folder of this name; else the one video with another extension, or the folder without one: lists are often
    /// older than what the videos were turned into.
    /// </summary>
    private static (PackSource? Source, string? Problem) Resolve(string root, string path, string split)
    {
        path = path.StartsWith("./", StringComparison.Ordinal) ? path[2..] : path.TrimEnd('/');
        if (path.Split('/').Any(segment => segment is "" or "." or ".." || segment.Any(char.IsControl)))
        {
            return (null, $"'{path}' is no path below the folder of sources");
        }

        if (Directory.Exists(Path.Combine(root, path)))
        {
            return SourceFiles.Frames(root, path, split) is { } frames ? (frames, null) : (null, $"the folder '{path}' holds no JPEG or PNG files");
        }

        if (SourceFiles.Video(root, path, split) is { } exact)
        {
            return SourceFiles.IsVideo(path) ? (exact, null) : (null, $"'{path}' is no video ({string.Join(' ', SourceFiles.VideoExtensions)})");
        }

        string stem = SourceFiles.IsVideo(path) ? path[..^Path.GetExtension(path).Length] : path;
        PackSource[] others =
        [
            .. SourceFiles.VideoExtensions
                .SelectMany(extension => new[] { extension, extension.ToUpperInvariant() })
                .Select(extension => SourceFiles.Video(root, stem + extension, split))
                .Append(SourceFiles.Frames(root, stem, split))
                .OfType<PackSource>(),
        ];
        return others.Length switch
        {
            0 => (null, $"there is no video and no folder of frames '{path}' in {root}"),
            1 => (others[0], null),
            _ => (null, string.Create(CultureInfo.InvariantCulture, $"'{path}' may be any of {string.Join(", ", others.Select(other => other.RelativePath))}; write which")),
        };
    }
}
