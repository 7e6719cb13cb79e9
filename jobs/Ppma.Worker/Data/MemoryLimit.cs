using System.Globalization;

namespace Ppma.Worker.Data;

/// <summary>Memory that this process may take. What .NET tells is its heap's limit: three quarters of a container's.</summary>
internal static class MemoryLimit
{
    // Of control groups, version 2 and 1, as a container sees its own.
    private static readonly string[] OfTheContainer = ["sys/fs/cgroup/memory.max", "sys/fs/cgroup/memory/memory.limit_in_bytes"];

    /// <summary>The container's limit or the machine's memory, whichever is less; null where neither is told.</summary>
    /// <param name="root">Where the system's files are.</param>
    public static long? Bytes(string root = "/") => OfTheContainer
        .Select(file => Path.Combine(root, file)).Where(File.Exists)
        .Select(file => long.TryParse(File.ReadAllText(file), NumberStyles.Integer, CultureInfo.InvariantCulture, out long bytes) ? bytes : (long?)null)
        .Append(OfTheMachine(Path.Combine(root, "proc/meminfo")))
        .Min();

    // MemTotal:       16303428 kB
    private static long? OfTheMachine(string file) =>
        File.Exists(file) && File.ReadLines(file).FirstOrDefault(line => line.StartsWith("MemTotal:", StringComparison.Ordinal)) is { } line
            ? long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024
            : null;
}
