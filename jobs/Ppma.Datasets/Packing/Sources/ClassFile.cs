namespace Ppma.Datasets.Packing.Sources;

/// <summary>A file of class names, one a line; the first is label 0.</summary>
public static class ClassFile
{
    /// <exception cref="SourceProblemsException">A line is empty or repeats a name, or there is none.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static IReadOnlyList<string> Read(string file)
    {
        string[] names = [.. File.ReadAllLines(file).Select(line => line.Trim())];
        int length = names.Length - names.Reverse().TakeWhile(name => name.Length == 0).Count();
        var problems = new List<SourceProblem>();
        var lineOf = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int i = 0; i < length; i++)
        {
            if (names[i].Length == 0)
            {
                problems.Add(new SourceProblem(file, i + 1, "the line is empty, but its position is a label; give the class a name"));
            }
            else if (!lineOf.TryAdd(names[i], i + 1))
            {
                problems.Add(new SourceProblem(file, i + 1, $"the class '{names[i]}' is in line {lineOf[names[i]]} already; give every class a name of its own"));
            }
        }

        if (length == 0)
        {
            problems.Add(new SourceProblem(file, 0, "there are no classes in it; write one name a line"));
        }

        SourceProblemsException.ThrowIfAny(problems);
        return names[..length];
    }
}
