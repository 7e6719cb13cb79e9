using Ppma.Api.Pretraining;
using Ppma.Api.Runs;

namespace Ppma.EndToEnd.Lab;

/// <summary>A PretrainRun in the cluster.</summary>
public sealed class PretrainHandle(Space space, string name) : RunHandle<RunStatus>(space, "pretrainrun", name)
{
    public override async Task<RunStatus> StatusAsync() => (await Space.Kubectl.GetAsync<PretrainRun>("pretrainrun", Name))?.Status ?? new RunStatus();

    /// <summary>Every stage's curve has every step once, and the same losses to the last digit as the same run on this machine.</summary>
    public async Task AssertSameLossesAsync(LocalRun reference)
    {
        foreach (StageStatus stage in (await StatusAsync()).Stages)
        {
            string curve = $"{stage.Name}/curve.jsonl";
            Assert.Equal(await reference.ReadArtifactAsync(Name, curve), await ReadArtifactAsync(curve));
        }
    }
}
