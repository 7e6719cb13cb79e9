using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Ppma.Datasets.Packing.Sources;

/// <summary>What the labels of split files mean: positions in the classes where all are numbers, else names of classes.</summary>
internal sealed class ListedLabels
{
    private readonly bool _areNumbers;
    private readonly bool _hasClasses;
    private readonly Dictionary<string, int> _labelOf;

    private ListedLabels(IReadOnlyList<string> classes, bool areNumbers, bool hasClasses)
    {
        Classes = classes;
        _areNumbers = areNumbers;
        _hasClasses = hasClasses;
        _labelOf = classes.Index().ToDictionary(name => name.Item, name => name.Index, StringComparer.Ordinal);
    }

    /// <summary>Empty where no line has a label.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>Whether the labels are numbers without a meaning.</summary>
    public bool NeedsClasses => _areNumbers && Classes.Count == 0;

    /// <param name="labels">Of all lines; null where a line has none.</param>
    /// <param name="classes">The classes, where they are given.</param>
    public static ListedLabels Of(IEnumerable<string?> labels, IReadOnlyList<string>? classes)
    {
        string[] present = [.. labels.OfType<string>().Distinct()];
        bool areNumbers = present.Length > 0 && present.Count(label => TryParse(label, out _)) * 2 > present.Length;
        IReadOnlyList<string> names = present.Length == 0 ? []
            : classes ?? (areNumbers ? [] : [.. present.Where(label => label.Length > 0).Order(StringComparer.Ordinal)]);
        return new ListedLabels(names, areNumbers, hasClasses: present.Length > 0);
    }

    public bool TryFind(string? text, out int label, [NotNullWhen(false)] out string? problem)
    {
        label = -1;
        problem = text switch
        {
            null when !_hasClasses => null,
            null or "" => "the line has no label, as others do; write 'path;label'",
            _ when _areNumbers => Number(text, out label),
            _ => _labelOf.TryGetValue(text, out label) ? null : $"'{text}' is none of the {Classes.Count} classes",
        };
        return problem is null;
    }

    private string? Number(string text, out int label)
    {
        if (!TryParse(text, out label))
        {
            return $"the label '{text}' is no number, as others are";
        }

        return NeedsClasses || label < Classes.Count
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"the label {label} is too large: the labels of {Classes.Count} classes are 0 to {Classes.Count - 1}");
    }

    private static bool TryParse(string text, out int label) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out label);
}
