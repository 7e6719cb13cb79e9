namespace Ppma.Datasets.Labels;

/// <summary>
/// One output space for the classes of several data sets. Output i of a head means <see cref="Outputs"/>[i];
/// class c of set d is output <c>OutputOf(d, c)</c>.
/// </summary>
public sealed class LabelMap
{
    private readonly int[][] _outputs;

    private LabelMap(IReadOnlyList<string> outputs, int[][] map)
    {
        Outputs = outputs;
        _outputs = map;
    }

    /// <summary>Name of each output.</summary>
    public IReadOnlyList<string> Outputs { get; }

    /// <summary>The union of the class names in ordinal order: equal names are one action.</summary>
    /// <param name="classes">Class names of each data set, in its own order.</param>
    public static LabelMap ByName(IReadOnlyList<IReadOnlyList<string>> classes)
    {
        var outputs = classes.SelectMany(names => names).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();
        var output = outputs.Index().ToDictionary(item => item.Item, item => item.Index, StringComparer.Ordinal);
        return new LabelMap(outputs, [.. classes.Select(names => names.Select(name => output[name]).ToArray())]);
    }

    /// <summary>
    /// Class i of every set is output i, whatever it is called; this is how the published code joins
    /// No-Human Kinetics and Synthetic (one output means two actions).
    /// </summary>
    public static LabelMap ByIndex(IReadOnlyList<IReadOnlyList<string>> classes)
    {
        var count = classes.Max(names => names.Count);
        var outputs = Enumerable.Range(0, count)
            .Select(i => string.Join(" | ", classes.Where(names => i < names.Count).Select(names => names[i]).Distinct(StringComparer.Ordinal)))
            .ToArray();
        return new LabelMap(outputs, [.. classes.Select(names => Enumerable.Range(0, names.Count).ToArray())]);
    }

    /// <summary>The output that class <paramref name="classIndex"/> of data set <paramref name="dataset"/> trains.</summary>
    public int OutputOf(int dataset, int classIndex) => _outputs[dataset][classIndex];
}
