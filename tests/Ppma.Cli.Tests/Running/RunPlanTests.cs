using Ppma.Api;
using Ppma.Api.Manifests;
using Ppma.Api.Resolution;
using Ppma.Cli.Running;

namespace Ppma.Cli.Tests.Running;

/// <summary>Which task of examples/paper waits for which.</summary>
public sealed class RunPlanTests
{
    private static readonly ResolutionSettings Settings = new() { DataRoot = "/data", OutputRoot = "/runs", MachineThreads = 1, TrustOnFirstUse = true };

    [Theory]
    [InlineData("k-k/align", "k-k/mae")]
    [InlineData("nh-s/align", "ppma/mae")]
    [InlineData("mae-nh-ucf101-lp", "ppma/mae")]
    [InlineData("ppma-ucf101-ft", "ppma/align")]
    [InlineData("adaptive-ucf101", "nh-nh/align, nh-s/align")]
    [InlineData("scratch-ucf101-lp", "")]
    public async Task Needs_OfATask_AreTheStagesWhoseWeightsItTakes(string task, string needs)
    {
        ManifestSet set = await ManifestFiles.ReadAsync(Path.Combine(RepositoryFolder.Path, "examples", "paper"), TestContext.Current.CancellationToken);
        Forecast forecast = Forecast.Of(set, Settings, new Dictionary<ResourceKey, DatasetFacts>());

        var plan = new RunPlan(set, Settings, forecast.Datasets, fresh: false, _ => { });

        Assert.Empty(plan.Problems);
        PlannedTask planned = plan.Tasks.Single(planned => planned.Title == task);
        Assert.Equal(needs, string.Join(", ", planned.Needs.Select(need => need.Title)));
        Assert.All(planned.Needs, need => Assert.True(plan.Tasks.ToList().IndexOf(need) < plan.Tasks.ToList().IndexOf(planned)));
    }
}
