using Ppma.Api.Tasks;

namespace Ppma.Cli.Datasets;

/// <summary>A file of class names, one a line in the order of the labels.</summary>
internal static class ClassFile
{
    /// <exception cref="TaskFailedException">A line is empty, or a name stands there twice.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static async Task<IReadOnlyList<string>> ReadAsync(string path, CancellationToken cancellationToken)
    {
        string[] names = [.. (await File.ReadAllLinesAsync(path, cancellationToken)).Select(line => line.Trim())];
        int end = Array.FindLastIndex(names, name => name.Length > 0) + 1;
        var lines = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int line = 0; line < end; line++)
        {
            if (names[line].Length == 0)
            {
                throw new TaskFailedException(1, $"{path}: line {line + 1} is empty. Each line names the class of one label, from label 0 on.");
            }

            if (!lines.TryAdd(names[line], line))
            {
                throw new TaskFailedException(1, $"{path}: '{names[line]}' stands in lines {lines[names[line]] + 1} and {line + 1}. Give every class a name of its own.");
            }
        }

        return end > 0 ? names[..end] : throw new TaskFailedException(1, $"{path}: there are no class names in it. Write one a line.");
    }
}
