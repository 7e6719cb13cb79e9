using System.Reflection;
using Ppma.Video.Decoding;
using TorchSharp;

namespace Ppma.Worker.Hosting;

/// <summary>What <c>--version</c> says: asked of the native libraries themselves, so it also proves that they load.</summary>
internal static class WorkerVersion
{
    public static string Describe() =>
        $"ppma-worker {typeof(WorkerVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion}"
        + $", .NET {Environment.Version}, libtorch {torch.__version__}, FFmpeg {Ffmpeg.Version}";
}
