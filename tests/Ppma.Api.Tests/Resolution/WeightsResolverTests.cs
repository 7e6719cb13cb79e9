using Ppma.Api.Resolution;
using Ppma.Api.Runs;
using Ppma.Api.Tasks;

namespace Ppma.Api.Tests.Resolution;

public sealed class WeightsResolverTests
{
    private const string Ensemble = "fromEnsemble: {members: [{fromRun: {name: ppma}}, {fromRun: {name: supervised}}]}\n";

    [Theory]
    [InlineData("select: Best", 400)]
    [InlineData("select: Step\n      step: 200", 200)]
    [InlineData("select: Last", 600)]
    public void Resolve_SelectedCheckpoint_IsTheOneThatWasKept(string select, long step)
    {
        var run = Quickstart.Resolved("ppma");

        var weights = Quickstart.Resolved("probe-mae-only-1", After(run), Selecting(select)).Tasks[0].Spec.Evaluate!.Weights;

        Assert.Equal($"{run.ArtifactsUri}mae/checkpoints/{step}", weights.Uri);
        Assert.Equal(Digest(step), weights.Digest);
    }

    [Fact]
    public void Resolve_StepThatWasNotKept_NamesThoseThatWere()
    {
        var problem = Assert.Single(Quickstart.Resolve("probe-mae-only-1", After(Quickstart.Resolved("ppma")), Selecting("select: Step\n      step: 300")).Problems);

        Assert.Equal("spec.weights.fromRun.step", problem.Path);
        Assert.Contains("kept no checkpoint of step 300; it has 200, 400, 600", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Resolve_BestWhereNoneWasKept_SaysHowToGetOne()
    {
        var problem = Assert.Single(Quickstart.Resolve("probe-mae-only-1", Quickstart.After(Quickstart.Resolved("ppma")), Selecting("select: Best")).Problems);

        Assert.Equal("spec.weights.fromRun.select", problem.Path);
        Assert.Contains("kept no best checkpoint", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Resolve_Ensemble_NamesEveryMemberByItsDigest()
    {
        var (ppma, supervised) = (Quickstart.Resolved("ppma"), Quickstart.Resolved("supervised"));

        var task = Quickstart.Resolved("mae-synthetic", Both(ppma, supervised), ToEnsemble).Tasks[0];

        Assert.Empty(task.Spec.Validate());
        var weights = task.Spec.PretrainStage!.Weights;
        Assert.Equal((WeightsSource.Ensemble, EnsembleMethod.Average, true), (weights.Source, weights.Method!.Value, weights.IncludeNorm));
        Assert.Equal([ppma.ArtifactsUri, supervised.ArtifactsUri], weights.Members!.Select(member => member.Uri![..member.Uri!.IndexOf("align", StringComparison.Ordinal)]));
    }

    [Fact]
    public void Resolve_EnsembleOfOneRunThatSawPeople_IsRefused()
    {
        var facts = Both(Quickstart.Resolved("ppma"), Quickstart.Resolved("supervised"));
        var key = new ResourceKey("default", "supervised");
        var tainted = facts with
        {
            Runs = new Dictionary<ResourceKey, RunFacts>(facts.Runs) { [key] = facts.Runs[key] with { Privacy = new() { Decision = PrivacyDecision.NotClaimed } } },
        };

        var problem = Assert.Single(Quickstart.Resolve("mae-synthetic", tainted, ToEnsemble).Problems);

        Assert.Equal("spec.weights", problem.Path);
        Assert.Contains("PretrainRun \"supervised\" did not run with spec.privacy.realHumans: Forbidden", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void InputDigest_PlaceAndCredentialsOfAMember_DoNotCount()
    {
        var facts = Both(Quickstart.Resolved("ppma"), Quickstart.Resolved("supervised"));
        var key = new ResourceKey("default", "ppma");
        var moved = facts with
        {
            Runs = new Dictionary<ResourceKey, RunFacts>(facts.Runs)
            {
                [key] = facts.Runs[key] with
                {
                    Credentials = "storage/sas",
                    Stages = [.. facts.Runs[key].Stages.Select(stage => stage with { CheckpointUri = "file:///elsewhere" })],
                },
            },
        };

        var (here, there) = (Quickstart.Resolved("mae-synthetic", facts, ToEnsemble), Quickstart.Resolved("mae-synthetic", moved, ToEnsemble));

        Assert.Equal(here.InputDigest, there.InputDigest);
        Assert.Equal("storage/sas", there.Tasks[0].Spec.PretrainStage!.Weights.Members![0].Credentials);
    }

    private static string ToEnsemble(string text) =>
        text.Replace("fromRun:\n      name: ppma\n      stage: mae\n", Ensemble, StringComparison.Ordinal);

    private static Func<string, string> Selecting(string select) =>
        text => text.Replace("name: ppma\n      stage: mae\n", $"name: ppma\n      stage: mae\n      {select}\n", StringComparison.Ordinal);

    private static KnownFacts Both(ResolvedRun first, ResolvedRun second) => Quickstart.Facts with
    {
        Runs = new[] { first, second }.ToDictionary(run => new ResourceKey("default", run.Identity.Name), Quickstart.Finish),
    };

    private static KnownFacts After(ResolvedRun run)
    {
        var facts = Quickstart.Finish(run);
        var stages = facts.Stages.Select(stage => stage with
        {
            WeightsDigest = Digest(600),
            Checkpoints = [.. new long[] { 200, 400, 600 }.Select(step => new CheckpointFacts(step, $"{run.ArtifactsUri}{stage.Name}/checkpoints/{step}", Digest(step), step == 400))],
        });
        return Quickstart.Facts with { Runs = new Dictionary<ResourceKey, RunFacts> { [new("default", "ppma")] = facts with { Stages = [.. stages] } } };
    }

    private static string Digest(long step) => step.ToString("D64", null);
}
