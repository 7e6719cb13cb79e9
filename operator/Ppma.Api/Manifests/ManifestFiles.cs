using System.Text;

namespace Ppma.Api.Manifests;

/// <summary>Manifests on disk.</summary>
public static class ManifestFiles
{
    private const long MaxBytes = 4 << 20;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads a file, or every <c>.yaml</c> and <c>.yml</c> file directly in a folder, in ordinal order.</summary>
    /// <exception cref="IOException">Nothing there, or not readable.</exception>
    /// <exception cref="InvalidDataException">A folder without manifests, a file that is no text, or a far too large one.</exception>
    /// <exception cref="UnauthorizedAccessException">Not allowed to read.</exception>
    public static async Task<ManifestSet> ReadAsync(string path, CancellationToken cancellationToken = default)
    {
        var files = new List<(string Name, string Text)>();
        foreach (var file in List(path))
        {
            files.Add((file, await ReadTextAsync(file, cancellationToken)));
        }

        return ManifestReader.Read(files);
    }

    private static List<string> List(string path)
    {
        if (File.Exists(path))
        {
            return [path];
        }

        if (!Directory.Exists(path))
        {
            throw new FileNotFoundException($"{path}: there is no such file or folder; name a manifest or a folder of manifests");
        }

        var files = Directory.EnumerateFiles(path)
            .Where(file => Path.GetExtension(file) is ".yaml" or ".yml")
            .Order(StringComparer.Ordinal)
            .ToList();
        return files.Count > 0 ? files : throw new InvalidDataException($"{path}: the folder holds no .yaml or .yml file");
    }

    private static async Task<string> ReadTextAsync(string file, CancellationToken cancellationToken)
    {
        if (new FileInfo(file).Length > MaxBytes)
        {
            throw new InvalidDataException($"{file}: larger than {MaxBytes >> 20} MiB; that is no manifest");
        }

        try
        {
            return await File.ReadAllTextAsync(file, Utf8, cancellationToken);
        }
        catch (DecoderFallbackException problem)
        {
            throw new InvalidDataException($"{file}: not UTF-8 text; save it as UTF-8", problem);
        }
    }
}
