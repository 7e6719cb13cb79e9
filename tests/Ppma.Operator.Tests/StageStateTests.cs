using System.Text.Json;
using k8s;
using Ppma.Api.Runs;

namespace Ppma.Operator.Tests;

public sealed class StageStateTests
{
    [Fact]
    public void Status_OfAStage_SpellsItsStateByName()
    {
        using var json = JsonDocument.Parse(KubernetesJson.Serialize(new StageStatus { Name = "mae", State = StageState.BackingOff }));

        Assert.Equal("BackingOff", json.RootElement.GetProperty("state").GetString());
    }
}
