using k8s.Models;
using Ppma.Controllers.Requests;

namespace Ppma.Operator.Runs;

/// <summary>One thing to do for a run. What came of it is a fact for the next decision.</summary>
internal abstract record RunAction
{
    /// <summary>Read the frozen tasks.</summary>
    public sealed record ReadTasks : RunAction;

    /// <summary>Freeze the run's tasks.</summary>
    public sealed record Freeze : RunAction;

    /// <summary>Ask, without creating anything, whether Job and pod would be taken.</summary>
    public sealed record Probe : RunAction;

    /// <summary>Create the Job of an attempt.</summary>
    public sealed record CreateJob(string Stage, int Attempt) : RunAction;

    /// <summary>Delete a Job.</summary>
    public sealed record DeleteJob(V1Job Job, DeletePropagation Propagation) : RunAction;

    /// <summary>Delete the frozen tasks of a run that is over.</summary>
    public sealed record DeleteTasks : RunAction;
}
