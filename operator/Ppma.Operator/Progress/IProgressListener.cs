using Ppma.Controllers;

namespace Ppma.Operator.Progress;

/// <summary>Told when there is something to write about a run's progress.</summary>
internal interface IProgressListener
{
    /// <param name="kind">Kind of the run.</param>
    /// <param name="run">The run, which should be looked at again.</param>
    void ProgressChanged(string kind, ObjectKey run);
}
