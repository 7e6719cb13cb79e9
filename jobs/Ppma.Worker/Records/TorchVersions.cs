using System.Reflection;
using Ppma.Api.Tasks;
using TorchSharp;

namespace Ppma.Worker.Records;

/// <summary>TorchSharp and the libtorch behind it, for tasks that compute with them.</summary>
internal sealed class TorchVersions : IVersionSource
{
    public IEnumerable<(string Name, string Version)> Versions(TaskSpec task) => task.Kind == TaskKind.VerifyDataset
        ? []
        :
        [
            ("libtorch", torch.__version__),
            ("TorchSharp", typeof(torch).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown"),
        ];
}
