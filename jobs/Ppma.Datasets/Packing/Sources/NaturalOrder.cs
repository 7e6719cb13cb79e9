namespace Ppma.Datasets.Packing.Sources;

/// <summary>Names by their characters, but runs of digits by their value: <c>f2</c>, <c>f10</c>. Equal ones by the characters.</summary>
internal sealed class NaturalOrder : IComparer<string>
{
    public static NaturalOrder Instance { get; } = new();

    public int Compare(string? x, string? y)
    {
        ReadOnlySpan<char> a = x, b = y;
        while (!a.IsEmpty && !b.IsEmpty)
        {
            int order = char.IsAsciiDigit(a[0]) && char.IsAsciiDigit(b[0]) ? CompareNumbers(ref a, ref b) : CompareCharacters(ref a, ref b);
            if (order != 0)
            {
                return order;
            }
        }

        int rest = a.Length.CompareTo(b.Length);
        return rest != 0 ? rest : string.CompareOrdinal(x, y);
    }

    private static int CompareCharacters(ref ReadOnlySpan<char> a, ref ReadOnlySpan<char> b)
    {
        int order = a[0].CompareTo(b[0]);
        a = a[1..];
        b = b[1..];
        return order;
    }

    private static int CompareNumbers(ref ReadOnlySpan<char> a, ref ReadOnlySpan<char> b)
    {
        ReadOnlySpan<char> first = TakeNumber(ref a), second = TakeNumber(ref b);
        int order = first.Length.CompareTo(second.Length);
        return order != 0 ? order : first.SequenceCompareTo(second);
    }

    /// <summary>Takes the digits off the front; leading zeros do not count.</summary>
    private static ReadOnlySpan<char> TakeNumber(ref ReadOnlySpan<char> text)
    {
        int length = text.IndexOfAnyExceptInRange('0', '9');
        ReadOnlySpan<char> digits = length < 0 ? text : text[..length];
        text = text[digits.Length..];
        return digits.TrimStart('0');
    }
}
