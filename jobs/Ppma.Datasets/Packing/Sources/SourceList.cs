namespace Ppma.Datasets.Packing.Sources;

/// <summary>
/// A split file: a line a sample, <c>path;label</c>, <c>path,label</c> or <c>path label</c>, or the path alone. Paths may hold
/// any of these characters: the label comes after the last one, and one file uses one of them.
/// </summary>
/// <param name="File">How messages name the file.</param>
/// <param name="Split">The split that its samples make up.</param>
/// <param name="Lines">Its lines, without empty ones.</param>
public sealed record SourceList(string File, string Split, IReadOnlyList<SourceLine> Lines)
{
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static SourceList Read(string file, string split) => Parse(System.IO.File.ReadLines(file), file, split);

    internal static SourceList Parse(IEnumerable<string> lines, string file, string split)
    {
        (string Text, int Number)[] filled =
            [.. lines.Select((text, i) => (Text: text.Trim(), Number: i + 1)).Where(line => line.Text.Length > 0)];
        char? separator = SeparatorOf(filled);
        return new SourceList(file, split, [.. filled.Select(line => Cut(line.Text, line.Number, separator))]);
    }

    /// <summary>The first that more than half of the lines hold: a few bad lines do not change what the others mean.</summary>
    private static char? SeparatorOf((string Text, int Number)[] lines)
    {
        foreach (char separator in ";,\t ")
        {
            if (2 * lines.Count(line => line.Text.Contains(separator)) > lines.Length)
            {
                return separator;
            }
        }

        return null;
    }

    private static SourceLine Cut(string text, int number, char? separator)
    {
        int end = separator is { } character ? text.LastIndexOf(character) : -1;
        return end < 0 ? new SourceLine(number, text, Label: null) : new SourceLine(number, text[..end].Trim(), text[(end + 1)..].Trim());
    }
}
