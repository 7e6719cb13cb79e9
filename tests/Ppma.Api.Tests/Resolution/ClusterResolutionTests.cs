using Ppma.Api.Datasets;
using Ppma.Api.Pretraining;
using Ppma.Api.Resolution;
using Ppma.Api.Runs;

namespace Ppma.Api.Tests.Resolution;

/// <summary>In a cluster nothing is known but what the resources say.</summary>
public sealed class ClusterResolutionTests
{
    private static readonly ResolutionSettings Cluster = Quickstart.Settings with { IdentityByUid = true };

    [Fact]
    public void Resolve_ByUid_NamesRunAndFolderByIt_AndComputesTheSame()
    {
        var set = Quickstart.Read();
        var run = RunOrder.Of(set).Single(manifest => manifest.Name == "ppma");
        run.Resource.Metadata.Uid = "0badcafe-0000-4000-8000-000000000000";

        var here = new RunResolver(set, Cluster).Resolve(run, Quickstart.Facts).Run!;
        var laptop = Quickstart.Resolved("ppma");

        Assert.Equal("0badcafe-0000-4000-8000-000000000000", here.Identity.Uid);
        Assert.EndsWith("/default/ppma/0badcafe/", here.ArtifactsUri, StringComparison.Ordinal);
        Assert.Equal(laptop.InputDigest, here.InputDigest);
    }

    [Fact]
    public void DatasetFacts_OfAVerifiedSpec_AreWhatStatusSays()
    {
        var facts = DatasetFacts.Of(Dataset(verified: 3))!;

        Assert.Equal((2, 10L, Humans.Removed, false), (facts.Classes.Count, facts.Samples["train"], facts.Humans, facts.ClassNamesKnown));
        Assert.Equal(facts.Classes, DatasetFacts.Of(Dataset(verified: 3))!.Classes);
        Assert.NotEqual(facts.Classes, DatasetFacts.Of(Dataset(verified: 3, classes: "other"))!.Classes);
    }

    [Fact]
    public void DatasetFacts_OfASpecThatChangedSince_AreNotKnown()
    {
        Assert.Null(DatasetFacts.Of(Dataset(verified: 2)));
        Assert.Null(DatasetFacts.Of(new VideoDataset()));
    }

    [Fact]
    public void RunFacts_OfAStatus_AreThoseOfItsResults()
    {
        var resolved = Quickstart.Resolved("ppma");
        var expected = Quickstart.Finish(resolved);
        var run = (PretrainRun)RunOrder.Of(Quickstart.Read()).Single(manifest => manifest.Name == "ppma").Resource;
        run.Status = new RunStatus
        {
            ArtifactsUri = resolved.ArtifactsUri,
            Privacy = resolved.Privacy,
            Stages = [.. expected.Stages.Select(stage => new StageStatus
            {
                Name = stage.Name,
                State = StageState.Succeeded,
                Checkpoint = new() { Path = stage.CheckpointUri[resolved.ArtifactsUri.Length..], Digest = stage.WeightsDigest, Step = 600 },
                Best = new() { Path = "best", Digest = "b", Step = 400 },
            })],
        };

        var facts = RunFacts.Of(run)!;

        Assert.Equal(expected.Model, facts.Model);
        Assert.Equal(expected.Stages.Select(stage => (stage.Name, stage.Objective, stage.CheckpointUri, stage.WeightsDigest)),
            facts.Stages.Select(stage => (stage.Name, stage.Objective, stage.CheckpointUri, stage.WeightsDigest)));
        Assert.Equal([(600L, false), (400L, true)], facts.Stages[0].Checkpoints.Select(kept => (kept.Step, kept.Best)));
    }

    [Fact]
    public void RunFacts_BeforeTheFirstStageIsDone_AreNotKnown()
    {
        var run = (PretrainRun)RunOrder.Of(Quickstart.Read()).Single(manifest => manifest.Name == "ppma").Resource;
        run.Status = new RunStatus { Stages = [new() { Name = run.Spec.Stages[0].Name, State = StageState.Running }] };

        Assert.Null(RunFacts.Of(run));
    }

    private static VideoDataset Dataset(long verified, string classes = "c") => new()
    {
        Metadata = new() { Name = "context", Generation = 3 },
        Status = new()
        {
            Digest = new string('d', 64),
            Humans = Humans.Removed,
            Classes = 2,
            ClassesDigest = classes,
            Splits = new Dictionary<string, long> { ["train"] = 10 },
            VerifiedGeneration = verified,
        },
    };
}
