using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Ppma.Cli.Running;

/// <summary>The one signal that .NET cannot send.</summary>
internal static partial class Posix
{
    private const int SigTerm = 15;

    /// <summary>Asks a child to end (SIGTERM); does nothing when it has ended.</summary>
    public static void Terminate(Process process)
    {
        if (!process.HasExited)
        {
            _ = Kill(process.Id, SigTerm);
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int processId, int signal);
}
