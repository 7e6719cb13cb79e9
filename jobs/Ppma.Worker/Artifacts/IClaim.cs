using Ppma.Api.Tasks;

namespace Ppma.Worker.Artifacts;

/// <summary>One process's right to write a task's files.</summary>
internal interface IClaim : IDisposable
{
    /// <summary>Runs <paramref name="action"/> if this process still owns the files.</summary>
    /// <exception cref="TaskFailedException">44 when another one has taken them; 40 when storage refuses.</exception>
    void WhileOwner(Action action);
}
