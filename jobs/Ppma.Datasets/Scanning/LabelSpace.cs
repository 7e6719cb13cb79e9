using Ppma.Datasets.Stores;

namespace Ppma.Datasets.Scanning;

/// <summary>The classes of a data set, and which of them a sample is of.</summary>
internal sealed class LabelSpace
{
    private const int MostClasses = 100_000;

    private readonly IBlobStore _store;
    private readonly Dictionary<string, int> _positions;

    private LabelSpace(IBlobStore store, IReadOnlyList<string> classes)
    {
        _store = store;
        Classes = classes;
        _positions = new Dictionary<string, int>(classes.Count, StringComparer.Ordinal);
        for (int i = 0; i < classes.Count; i++)
        {
            _positions.Add(classes[i], i);
        }
    }

    public IReadOnlyList<string> Classes { get; }

    /// <summary>
    /// Takes the names that are given; else those that the samples give; else numbers them. No classes where no sample has a label.
    /// </summary>
    /// <exception cref="DatasetFormatException">Samples contradict each other.</exception>
    public static LabelSpace Of(IBlobStore store, IReadOnlyList<string>? given, IReadOnlyList<ScannedShard> shards)
    {
        if (given is not null)
        {
            return new LabelSpace(store, given);
        }

        var names = new Dictionary<int, string>();
        var unnumbered = new SortedSet<string>(StringComparer.Ordinal);
        int largest = -1;
        foreach (ScannedShard shard in shards)
        {
            foreach (ScannedSample sample in shard.Samples)
            {
                if (sample.Label is { } label)
                {
                    if (label is < 0 or >= MostClasses)
                    {
                        throw Wrong(store, shard, sample, $"has the label {label}", $"Labels count classes from 0 to at most {MostClasses - 1}");
                    }

                    largest = Math.Max(largest, label);
                    if (sample.ClassName is { } name && !names.TryAdd(label, name) && names[label] != name)
                    {
                        throw Wrong(
                            store, shard, sample, $"calls label {label} '{name}', but another sample calls it '{names[label]}'", "Give the class names in a file");
                    }
                }
                else if (sample.ClassName is { } name)
                {
                    unnumbered.Add(name);
                }
            }
        }

        return largest < 0
            ? new LabelSpace(store, [.. unnumbered])
            : new LabelSpace(store, Numbered(store, names, largest + 1));
    }

    /// <summary>The sample's label: its position in the classes; −1 where there are none.</summary>
    /// <exception cref="DatasetFormatException">The sample has no label, or one outside the classes.</exception>
    public int LabelOf(ScannedShard shard, ScannedSample sample)
    {
        if (Classes.Count == 0)
        {
            return -1;
        }

        if (sample.Label is { } label)
        {
            if (label < 0 || label >= Classes.Count)
            {
                throw Wrong(_store, shard, sample, $"has label {label}, but the labels of {Classes.Count} classes are 0 to {Classes.Count - 1}", "Give all class names, or correct the label");
            }

            return sample.ClassName is not { } other || !_positions.TryGetValue(other, out int position) || position == label
                ? label
                : throw Wrong(_store, shard, sample, $"has label {label} ('{Classes[label]}') and the class '{other}', which is {position}", "Correct the class names or the sample");
        }

        return sample.ClassName is not { } name
            ? throw Wrong(_store, shard, sample, "has no label, but the data set has classes", "Add a .cls member, or 'label' to its json")
            : _positions.TryGetValue(name, out int found)
                ? found
                : throw Wrong(_store, shard, sample, $"is of the class '{name}', which is not among the {Classes.Count} classes", "Give all class names, or correct the sample");
    }

    private static List<string> Numbered(IBlobStore store, Dictionary<int, string> names, int count)
    {
        List<string> classes = [.. Enumerable.Range(0, count).Select(label => names.GetValueOrDefault(label) ?? FormattableString.Invariant($"class-{label:D3}"))];
        return classes.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1) is { } repeated
            ? throw new DatasetFormatException(
                DatasetFault.Malformed, store.Uri.AbsoluteUri, $"samples with different labels are of the class '{repeated.Key}'", "Give the class names in a file")
            : classes;
    }

    private static DatasetFormatException Wrong(IBlobStore store, ScannedShard shard, ScannedSample sample, string problem, string fix) =>
        new(DatasetFault.Malformed, store.Locate(shard.Found.Facts.Name), $"sample '{sample.Key}' {problem}", fix);
}
