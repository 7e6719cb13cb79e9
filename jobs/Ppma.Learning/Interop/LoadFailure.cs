using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace Ppma.Learning.Interop;

/// <summary>Turns what the dynamic loader says into one sentence that names the cause and the fix.</summary>
internal static partial class LoadFailure
{
    private const string Library = "libLibTorchSharp.so";

    /// <summary>What the loader says against the library beside the program; empty when it loads.</summary>
    public static string LoaderMessage(string applicationFolder)
    {
        string[] places = [applicationFolder, Path.Combine(applicationFolder, "runtimes", "linux-x64", "native")];
        string? path = places.Select(place => Path.Combine(place, Library)).FirstOrDefault(File.Exists);
        if (path is null)
        {
            return $"{Library}: cannot open shared object file";
        }

        try
        {
            // Stays loaded: TorchSharp uses it next.
            _ = NativeLibrary.Load(path);
            return "";
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            return e.Message;
        }
    }

    public static string Explain(string loaderMessage, Architecture architecture)
    {
        if (architecture != Architecture.X64)
        {
            return $"Torch's native library is built for x64 only and this machine is {architecture}: run on an x64 machine.";
        }

        if (MissingVersion().Match(loaderMessage) is { Success: true } version)
        {
            string library = version.Value.StartsWith("GLIBC_", StringComparison.Ordinal) ? "C library" : "libstdc++";
            return $"Torch's native library cannot load because this system's {library} lacks {version.Value}: run on Debian 12, Ubuntu 22.04 or newer, with the library as this project's own build leaves it.";
        }

        if (MissingFile().Match(loaderMessage) is { Success: true } file)
        {
            return $"Torch's native library cannot load because {file.Groups["file"].Value} is missing: " +
                "add the package libtorch-cpu-linux-x64 (or its CUDA equivalent) to the program, or install the library that is named.";
        }

        string said = loaderMessage.ReplaceLineEndings(" ").TrimEnd();
        return $"Torch's native library cannot load ({said}): run on Debian 12, Ubuntu 22.04 or newer on x64, from an undamaged build.";
    }

    [GeneratedRegex(@"(GLIBCXX|CXXABI|GLIBC)_[\d.]*\d")]
    private static partial Regex MissingVersion();

    [GeneratedRegex(@"(?<file>[\w.+-]+\.so[\w.]*): cannot open shared object file")]
    private static partial Regex MissingFile();
}
