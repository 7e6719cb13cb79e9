using System.Text.RegularExpressions;

namespace Ppma.Chart.Tests;

/// <summary>A value of the chart that has a comment: where it is, what it is by default and what it is for.</summary>
internal sealed partial record ChartValue(string Path, string Default, string Description)
{
    /// <summary>All that have a comment above them. Their default is what stands after the colon, or is indented below it, as one line.</summary>
    public static IReadOnlyList<ChartValue> ReadAll(string yaml)
    {
        var values = new List<ChartValue>();
        var path = new List<string>();
        string[] lines = yaml.Split('\n');
        for (int i = 0; i < lines.Length; i++)
        {
            Match key = Key().Match(lines[i]);
            if (!key.Success)
            {
                continue;
            }

            int depth = key.Groups["indent"].Length / 2;
            path.RemoveRange(depth, path.Count - depth);
            path.Add(key.Groups["name"].Value);
            if (i > 0 && lines[i - 1].TrimStart().StartsWith("# ", StringComparison.Ordinal))
            {
                values.Add(new(string.Join('.', path), DefaultOf(lines, i, key), lines[i - 1].TrimStart()[2..]));
            }
        }

        return values;
    }

    private static string DefaultOf(string[] lines, int line, Match key)
    {
        string after = key.Groups["value"].Value.Trim();
        string indent = key.Groups["indent"].Value + "  ";
        return after.Length > 0 ? after : string.Join("; ", lines.Skip(line + 1).TakeWhile(next => next.StartsWith(indent, StringComparison.Ordinal)).Select(next => next.Trim()));
    }

    [GeneratedRegex("^(?<indent> *)(?<name>[A-Za-z]+):(?<value>.*)$", RegexOptions.ExplicitCapture)]
    private static partial Regex Key();
}
