namespace Ppma.Datasets.Labels;

/// <summary>
/// Which output of which head the classes of several data sets train. Output i of head h means <see cref="Heads"/>[h][i]; class c of
/// set d is output <c>OutputOf(d, c)</c> of head <c>HeadOf(d)</c>.
/// </summary>
public sealed class LabelMap
{
    private readonly Place[] _datasets;
    private readonly Func<IReadOnlyList<string>, int?, Place?> _find;

    private LabelMap(IReadOnlyList<IReadOnlyList<string>> heads, Place[] datasets, Func<IReadOnlyList<string>, int?, Place?> find)
    {
        Heads = heads;
        _datasets = datasets;
        _find = find;
    }

    /// <summary>Names of the outputs of each head.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Heads { get; }

    /// <summary>One head for the union of the class names in ordinal order: equal names are one action.</summary>
    /// <param name="classes">Class names of each data set, in its own order.</param>
    public static LabelMap ByName(IReadOnlyList<IReadOnlyList<string>> classes)
    {
        string[] outputs = [.. classes.SelectMany(names => names).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        var output = outputs.Index().ToDictionary(item => item.Item, item => item.Index, StringComparer.Ordinal);
        return new LabelMap([outputs], [.. classes.Select(PlaceOf)], (names, _) => names.All(output.ContainsKey) ? PlaceOf(names) : null);

        Place PlaceOf(IReadOnlyList<string> names) => new(0, [.. names.Select(name => output[name])]);
    }

    /// <summary>
    /// One head; class i of every set is output i, whatever it is called. This is how the published code joins
    /// No-Human Kinetics and Synthetic (one output means two actions).
    /// </summary>
    /// <param name="classes">Class names of each data set, in its own order.</param>
    public static LabelMap ByIndex(IReadOnlyList<IReadOnlyList<string>> classes)
    {
        string[] outputs =
        [
            .. Enumerable.Range(0, classes.Max(names => names.Count)).Select(i =>
                string.Join(" | ", classes.Where(names => i < names.Count).Select(names => names[i]).Distinct(StringComparer.Ordinal))),
        ];
        Place[] places = [.. classes.Select(names => Straight(0, names))];
        return new LabelMap([outputs], places, (names, like) => FirstOf(classes, names, like, places));
    }

    /// <summary>A head of its own for every data set, with the classes of that set in their order.</summary>
    /// <param name="classes">Class names of each data set, in its own order.</param>
    public static LabelMap PerDataset(IReadOnlyList<IReadOnlyList<string>> classes)
    {
        Place[] places = [.. classes.Select((names, head) => Straight(head, names))];
        return new LabelMap(classes, places, (names, like) => FirstOf(classes, names, like, places));
    }

    /// <summary>The head that data set <paramref name="dataset"/> trains.</summary>
    public int HeadOf(int dataset) => _datasets[dataset].Head;

    /// <summary>The output of its head that class <paramref name="classIndex"/> of data set <paramref name="dataset"/> trains.</summary>
    public int OutputOf(int dataset, int classIndex) => _datasets[dataset].Outputs[classIndex];

    /// <summary>
    /// Where another data set is measured: the head, and the output of each of its classes. By name every class must be known, else the
    /// list must be that of one of the sets that train. Null where it is not.
    /// </summary>
    /// <param name="classes">Class names of that data set, in its own order.</param>
    /// <param name="like">Of several sets with that list this one comes first: the set that the other is a split of.</param>
    public (int Head, IReadOnlyList<int> Outputs)? Find(IReadOnlyList<string> classes, int? like = null) =>
        _find(classes, like) is { } place ? (place.Head, place.Outputs) : null;

    private static Place Straight(int head, IReadOnlyList<string> names) => new(head, [.. Enumerable.Range(0, names.Count)]);

    private static Place? FirstOf(IReadOnlyList<IReadOnlyList<string>> classes, IReadOnlyList<string> names, int? like, Place[] places) =>
        Enumerable.Range(0, places.Length).OrderBy(set => set != like)
            .Where(set => classes[set].SequenceEqual(names, StringComparer.Ordinal)).Select(set => places[set]).FirstOrDefault();

    private sealed record Place(int Head, int[] Outputs);
}
