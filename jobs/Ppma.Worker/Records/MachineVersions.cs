using System.Globalization;
using System.Runtime.InteropServices;
using Ppma.Api.Tasks;

namespace Ppma.Worker.Records;

/// <summary>The runtime and the machine.</summary>
internal sealed class MachineVersions : IVersionSource
{
    public IEnumerable<(string Name, string Version)> Versions(TaskSpec task) =>
    [
        ("ppma", typeof(MachineVersions).Assembly.GetName().Version?.ToString(3) ?? "unknown"),
        (".NET", Environment.Version.ToString()),
        ("os", RuntimeInformation.OSDescription),
        ("architecture", RuntimeInformation.ProcessArchitecture.ToString()),
        ("cpu", CpuModel()),
        ("cores", Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture)),
        ("threads", task.Threads.ToString(CultureInfo.InvariantCulture)),
    ];

    private static string CpuModel()
    {
        const string CpuInfo = "/proc/cpuinfo";
        string? line = File.Exists(CpuInfo)
            ? File.ReadLines(CpuInfo).FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal))
            : null;
        return line?.Split(':', 2)[1].Trim() ?? "unknown";
    }
}
