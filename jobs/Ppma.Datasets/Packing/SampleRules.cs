using System.Text.Json.Nodes;

namespace Ppma.Datasets.Packing;

/// <summary>What a sample has to be before it is written.</summary>
internal static class SampleRules
{
    /// <exception cref="ArgumentException">The first rule that is broken.</exception>
    public static void Check(string split, string key, int videoBytes, int label, int classes, JsonObject? metadata, string extension)
    {
        if (!PackedNames.IsSplit(split))
        {
            throw new ArgumentException($"The split '{split}' has to be 1 to 32 lower-case letters, digits and hyphens.", nameof(split));
        }

        if (!PackedNames.IsKey(key))
        {
            throw new ArgumentException($"The key '{key}' has to be 1 to 80 letters, digits, '_' and '-'.", nameof(key));
        }

        if (videoBytes == 0)
        {
            throw new ArgumentException($"The video of '{key}' is empty.", nameof(videoBytes));
        }

        if (classes == 0 ? label != -1 : label < 0 || label >= classes)
        {
            throw new ArgumentException($"The label {label} of '{key}' is none of the {classes} classes.", nameof(label));
        }

        if (metadata is not null && (metadata.ContainsKey("label") || metadata.ContainsKey("class")))
        {
            throw new ArgumentException($"The metadata of '{key}' may not set 'label' or 'class'.", nameof(metadata));
        }

        if (!PackedNames.IsVideoExtension(extension))
        {
            throw new ArgumentException($"The extension '{extension}' has to be 1 to 8 lower-case letters and digits.", nameof(extension));
        }
    }
}
