using System.Diagnostics;

namespace Ppma.Worker.Tests.Gpu;

/// <summary>A library with NVML's own functions, since machines that test have no GPU.</summary>
internal static class NvmlStandIn
{
    /// <summary>Compiles it with what compiles the decoder's library.</summary>
    public static async Task<string> CompileAsync(TemporaryFolder folder)
    {
        string library = folder.File("libnvml-stand-in.so");
        string source = Path.Combine(AppContext.BaseDirectory, "Gpu", "nvml.c");
        using Process compiler = Process.Start("cc", ["-shared", "-fPIC", "-o", library, source])!;
        await compiler.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, compiler.ExitCode);
        return library;
    }
}
