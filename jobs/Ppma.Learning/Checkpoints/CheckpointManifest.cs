using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Ppma.Learning.Checkpoints;

/// <summary>What a checkpoint folder must hold to be trusted; written after everything else.</summary>
/// <param name="Format">Always <see cref="CurrentFormat"/>.</param>
/// <param name="Step">Optimiser steps done.</param>
/// <param name="Files">Every other file of the folder.</param>
public sealed partial record CheckpointManifest(string Format, long Step, IReadOnlyList<CheckpointFile> Files)
{
    internal const string CurrentFormat = "ppma-checkpoint/1";
    public const string FileName = "manifest.json";

    /// <summary>SHA-256 over everything that decides the numbers of the run; null in checkpoints that were written without.</summary>
    public string? InputDigest { get; init; }

    /// <summary>Name of the checkpoint's folder in the run's.</summary>
    public string FolderName => CheckpointStore.NameOf(Step);

    /// <summary>SHA-256 of the model's weights file, hex.</summary>
    public string ModelDigest => Files.Single(file => file.Name == CheckpointStore.ModelFile).Sha256;

    /// <summary>The groups of tensors that the folder holds.</summary>
    internal IEnumerable<string> Groups => Files.Where(file => file.Name != CheckpointStore.StateFile).Select(file => Path.GetFileNameWithoutExtension(file.Name));

    /// <summary>The file of a group of tensors.</summary>
    internal static string FileOf(string group) => $"{group}.safetensors";

    /// <summary>Whether a checkpoint's folder may hold a file of this name.</summary>
    public static bool MayHold(string name) => name == FileName || Lists(name);

    private static bool Lists(string? name) => name == CheckpointStore.StateFile || (name is not null && GroupFile().IsMatch(name));

    /// <summary>The manifest of a folder, or why it has none that counts.</summary>
    internal static (CheckpointManifest? Manifest, string Problem) Read(string folder)
    {
        try
        {
            byte[] json = File.ReadAllBytes(Path.Combine(folder, FileName));
            var manifest = JsonSerializer.Deserialize<CheckpointManifest>(json, JsonSerializerOptions.Web);
            string[] needed = [CheckpointStore.ModelFile, CheckpointStore.OptimizerFile, CheckpointStore.StateFile];
            bool complete = manifest is { Format: CurrentFormat, Files: not null }
                && manifest.Files.All(file => Lists(file?.Name))
                && needed.All(name => manifest.Files.Count(file => file.Name == name) == 1);
            return complete
                ? (manifest, "")
                : (null, $"{FileName} is not one of format {CurrentFormat}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return (null, $"{FileName} cannot be read ({e.Message})");
        }
    }

    /// <summary>What is wrong with the folder's files, or null when sizes and hashes are as listed.</summary>
    internal string? FindDamage(string folder)
    {
        foreach (var file in Files)
        {
            try
            {
                using var stream = File.OpenRead(Path.Combine(folder, file.Name));
                if (stream.Length != file.Bytes)
                {
                    return $"{file.Name} has {stream.Length} bytes, not {file.Bytes}";
                }

                if (Convert.ToHexStringLower(SHA256.HashData(stream)) != file.Sha256)
                {
                    return $"{file.Name} has another SHA-256 than the manifest says";
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return $"{file.Name} cannot be read ({e.Message})";
            }
        }

        return null;
    }

    [GeneratedRegex(@"^[a-z]+\.safetensors$")]
    private static partial Regex GroupFile();
}
