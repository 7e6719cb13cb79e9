using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Ppma.Api.Runs;
using Ppma.EndToEnd.Lab;

namespace Ppma.EndToEnd.Quickstart;

/// <summary>One run in the cluster, nothing going wrong: what the faults are compared with.</summary>
public sealed class SmallRunTests(Laboratory lab) : LabTest(lab)
{
    /// <summary>Of a fresh run with its data sets verified, image present: what the product promises on this machine when it is quiet.</summary>
    private const int GoalToFirstStepSeconds = 20;

    private const int GoalFromEndToStatusSeconds = 2;

    [Fact, Trait("Smoke", "")]
    public async Task Run_InTheCluster_HasTheLossesOfThisMachine()
    {
        string[] manifests = SmallRun.Manifests().Split("\n---\n");
        var clock = Stopwatch.StartNew();
        foreach (string dataset in manifests[..^1])
        {
            await Space.ApplyAsync(dataset);
        }

        await Space.WaitAsync("videodataset/context");
        await Space.WaitAsync("videodataset/synthetic");
        TimeSpan verified = clock.Elapsed;

        await using Watcher pods = Watcher.Start(Space, clock, "pods", "NAME:.metadata.name,END:.status.containerStatuses[0].state.terminated.reason");
        await using Watcher runs = Watcher.Start(Space, clock, "pretrainruns", "STATES:.status.stages[*].state");
        TimeSpan applied = clock.Elapsed;
        await Space.ApplyAsync(manifests[^1]);
        PretrainHandle run = Space.Pretrain(SmallRun.Name);
        await run.WaitForStepAsync("mae", 1);
        TimeSpan firstStep = clock.Elapsed - applied;
        await run.WaitUntilReadyAsync();

        RunStatus status = await run.StatusAsync();
        Assert.Equal(["Succeeded", "Succeeded"], status.Stages.Select(stage => stage.State.ToString()));
        Assert.Equal([1, 1], status.Stages.Select(stage => stage.Attempt));
        await run.AssertSameLossesAsync(Lab.SmallReference);
        await AssertRecordedAsync(run, status);

        TimeSpan? ended = pods.FirstTime(line => line.Contains("-align-", StringComparison.Ordinal) && line.EndsWith("Completed", StringComparison.Ordinal));
        TimeSpan? told = runs.FirstTime(line => line.StartsWith("Succeeded,Succeeded", StringComparison.Ordinal));
        Say(string.Create(CultureInfo.InvariantCulture, $"data sets verified in {verified.TotalSeconds:0.0} s; applied to first step {firstStep.TotalSeconds:0.0} s (goal {GoalToFirstStepSeconds}); pod end to status {(told - ended)?.TotalSeconds:0.0} s (goal {GoalFromEndToStatusSeconds})"));
        Say(status.Conditions.Of("Ready")!.Message);
    }

    /// <summary>Status, record and result name the same task, weights and data.</summary>
    private static async Task AssertRecordedAsync(PretrainHandle run, RunStatus status)
    {
        foreach (StageStatus stage in status.Stages)
        {
            JsonElement record = JsonDocument.Parse(await run.ReadArtifactAsync($"{stage.Name}/record.json")).RootElement;
            JsonElement result = JsonDocument.Parse(await run.ReadArtifactAsync($"{stage.Name}/result.json")).RootElement;
            Assert.Equal(stage.TaskDigest, record.GetProperty("taskDigest").GetString());
            Assert.Equal(stage.TaskDigest, result.GetProperty("taskDigest").GetString());
            Assert.Equal(stage.Checkpoint!.Digest, result.GetProperty("training").GetProperty("weightsDigest").GetString());
            Assert.All(
                record.GetProperty("task").GetProperty("pretrainStage").GetProperty("datasets").EnumerateArray(),
                dataset => Assert.Equal(Data.DigestOf(dataset.GetProperty("name").GetString()!), dataset.GetProperty("digest").GetString()));
        }

        Assert.Equal("Passed", status.Privacy?.Decision.ToString());
        Assert.NotNull(status.Record);
    }
}
