using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Ppma.Benchmarks;

/// <summary>Other programs as peers: runs them, and counts the processor time of those that have ended.</summary>
internal static partial class Processes
{
    /// <summary>getrusage(2): user and system time of the children that have ended.</summary>
    public static double CpuSecondsOfChildren() => CpuSeconds(who: -1);

    /// <summary>User and system time of this process.</summary>
    public static double CpuSecondsOfThisProcess() => CpuSeconds(who: 0);

    /// <summary>Runs a program to its end and gives what it wrote to standard error.</summary>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public static string Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        using var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        string report = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? report
            : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}: {report}");
    }

    private static double CpuSeconds(int who)
    {
        Span<long> usage = stackalloc long[18];
        if (GetResourceUsage(who, usage) != 0)
        {
            throw new InvalidOperationException("getrusage failed.");
        }

        return usage[0] + usage[2] + (1e-6 * (usage[1] + usage[3]));
    }

    [LibraryImport("libc", EntryPoint = "getrusage")]
    private static partial int GetResourceUsage(int who, Span<long> usage);
}
