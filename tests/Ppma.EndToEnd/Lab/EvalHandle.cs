using Ppma.Api.Evaluation;

namespace Ppma.EndToEnd.Lab;

/// <summary>An EvalRun in the cluster.</summary>
public sealed class EvalHandle(Space space, string name) : RunHandle<EvalRunStatus>(space, "evalrun", name)
{
    public override async Task<EvalRunStatus> StatusAsync() => (await Space.Kubectl.GetAsync<EvalRun>("evalrun", Name))?.Status ?? new EvalRunStatus();
}
