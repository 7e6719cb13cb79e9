using Ppma.Api.Tasks;

namespace Ppma.Worker.Records;

/// <summary>Says which versions of something a task is computed with.</summary>
internal interface IVersionSource
{
    IEnumerable<(string Name, string Version)> Versions(TaskSpec task);
}
