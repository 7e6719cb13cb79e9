namespace Ppma.EndToEnd.Faults;

/// <summary>Changes to manifests as a person makes them: in the text.</summary>
internal static class ManifestText
{
    /// <summary>Replaces the first occurrence.</summary>
    /// <exception cref="InvalidOperationException">There is none: the manifest that the test was written for has changed.</exception>
    public static string ReplaceFirst(this string text, string old, string with)
    {
        int start = text.IndexOf(old, StringComparison.Ordinal);
        return start >= 0 ? text[..start] + with + text[(start + old.Length)..] : throw new InvalidOperationException($"There is no \"{old}\" in\n{text}");
    }
}
