namespace Ppma.Worker.Data;

/// <summary>
/// A folder of this process's own for what it can fetch again. It goes with the process; what a killed one left goes when the next one
/// begins.
/// </summary>
internal sealed class Scratch : IDisposable
{
    private const string LockSuffix = ".lock";

    private readonly FileStream _alive;

    private Scratch(string folder, FileStream alive)
    {
        Folder = folder;
        _alive = alive;
    }

    public string Folder { get; }

    /// <summary>Makes a folder below <paramref name="root"/>.</summary>
    public static Scratch Open(string root)
    {
        Directory.CreateDirectory(root);
        foreach (string left in Directory.EnumerateFiles(root, "*" + LockSuffix))
        {
            Sweep(left);
        }

        string folder = Path.Combine(root, Guid.NewGuid().ToString("n"));

        // Locked before there is a folder, so that nobody takes it for one that was left.
        var alive = new FileStream(folder + LockSuffix, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);
        Directory.CreateDirectory(folder);
        return new Scratch(folder, alive);
    }

    public void Dispose()
    {
        Directory.Delete(Folder, recursive: true);
        File.Delete(_alive.Name);
        _alive.Dispose();
    }

    private static void Sweep(string lockFile)
    {
        try
        {
            using var dead = new FileStream(lockFile, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            string folder = lockFile[..^LockSuffix.Length];
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }

            File.Delete(lockFile);
        }
        catch (IOException)
        {
            // Its process lives, or another one sweeps it.
        }
    }
}
