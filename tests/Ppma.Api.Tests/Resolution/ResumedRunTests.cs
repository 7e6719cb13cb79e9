using Ppma.Api.Resolution;
using Ppma.Api.Runs;

namespace Ppma.Api.Tests.Resolution;

/// <summary>A PretrainRun that goes on from another one, which ended.</summary>
public sealed class ResumedRunTests
{
    [Fact]
    public void Resolve_EqualInputs_GoesOnFromTheCheckpointsOfEveryStage()
    {
        var ended = Quickstart.Resolved("ppma");

        var resumed = Quickstart.Resolved("mae-synthetic", Ended(ended), text => Resuming(text));

        Assert.Equal(ended.InputDigest, resumed.InputDigest);
        Assert.Equal(
            [$"{ended.ArtifactsUri}mae/checkpoints", $"{ended.ArtifactsUri}align/checkpoints"],
            resumed.Tasks.Select(task => task.Spec.PretrainStage!.Resume!.Uri));
        Assert.All(resumed.Tasks, task => Assert.Empty(task.Spec.Validate()));
        Assert.NotEqual(ended.ArtifactsUri, resumed.ArtifactsUri);
    }

    [Fact]
    public void Resolve_OtherInputs_NamesWhatDiffers()
    {
        var ended = Quickstart.Resolved("ppma");

        var problems = Quickstart.Resolve("mae-synthetic", Ended(ended), text => Resuming(text, "seed: 7", "    steps: 500\n")).Problems;

        Assert.Equal(["spec.stages[0]", "spec.stages[1]"], problems.Select(problem => problem.Path));
        Assert.Contains("seed (7 here, 1 there); pretrainStage.optimization.steps (500 here, 400 there)", problems[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Resolve_RunThatHasNotEnded_SaysSo()
    {
        var problem = Assert.Single(Quickstart.Resolve("mae-synthetic", Quickstart.Facts, text => Resuming(text)).Problems);

        Assert.Equal(("spec.resumeFrom.run.name", true), (problem.Path, problem.Message.Contains("has not ended", StringComparison.Ordinal)));
    }

    [Fact]
    public void Resolve_RunThatAllowedRealHumans_IsNotMadeCleanByGoingOn()
    {
        var ended = Quickstart.Resolved("ppma") with { Privacy = new() { Decision = PrivacyDecision.NotClaimed } };

        var problem = Assert.Single(Quickstart.Resolve("mae-synthetic", Ended(ended), text => Resuming(text)).Problems);

        Assert.Equal("spec.resumeFrom", problem.Path);
        Assert.Contains("did not run with spec.privacy.realHumans: Forbidden", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void RunOrder_ARunThatIsContinued_ComesFirst()
    {
        var order = RunOrder.Of(Quickstart.Read(text => Resuming(text).Replace("name: ppma\nspec:\n", "name: ppma\nspec:\n  resumeFrom: {run: {name: supervised}}\n", StringComparison.Ordinal)))
            .Select(run => run.Name).Take(3);

        Assert.Equal(["supervised", "ppma", "mae-synthetic"], order);
    }

    private static KnownFacts Ended(ResolvedRun run) =>
        Quickstart.Facts with { Ended = new Dictionary<ResourceKey, ResolvedRun> { [new("default", run.Identity.Name)] = run } };

    /// <summary>The quickstart's last PretrainRun becomes its first again, continued.</summary>
    private static string Resuming(string text, string seed = "seed: 1", string mae = "") => text.Replace(
        """
          seed: 1
          weights:
            fromRun:
              name: ppma
              stage: mae
          stages:
          - name: align
            objective: ActionClassification
            preset: align-mini
            datasets:
            - name: synthetic
        """,
        $$$"""
          {{{seed}}}
          resumeFrom: {run: {name: ppma}}
          stages:
          - name: mae
            objective: MaskedAutoencoding
            preset: mae-mini
        {{{mae}}}    datasets: [{name: context}]
          - name: align
            objective: ActionClassification
            preset: align-mini
            datasets: [{name: context}, {name: synthetic}]
        """,
        StringComparison.Ordinal);
}
