using System.Text;
using System.Text.RegularExpressions;
using k8s.Models;
using Ppma.Api.Runs;
using Ppma.Api.Tasks;
using Ppma.EndToEnd.Lab;
using Ppma.Testing;

namespace Ppma.EndToEnd.Faults;

/// <summary>Whether a run came out as if nothing had happened to it, and what was done for that: counted from what outlives Jobs and pods.</summary>
internal static partial class Undisturbed
{
    /// <summary>
    /// Ready, with the losses and weights of the same run on this machine to the last digit; one Job an attempt was ever created, and one result a stage.
    /// </summary>
    /// <param name="run">The run, over or about to be.</param>
    /// <param name="attempts">How many each stage took.</param>
    public static async Task AssertEndsUndisturbedAsync(this PretrainHandle run, params int[] attempts)
    {
        await run.WaitUntilReadyAsync(timeoutSeconds: 600);
        RunStatus status = await run.StatusAsync();
        Assert.Equal(attempts, status.Stages.Select(stage => stage.Attempt));
        LocalRun reference = run.Space.Lab.SmallReference;
        await run.AssertSameLossesAsync(reference);
        IReadOnlyList<string> artifacts = await run.ListArtifactsAsync();
        foreach (StageStatus stage in status.Stages)
        {
            string file = $"{stage.Name}/result.json";
            TaskResult expected = ReadResult(await reference.ReadArtifactAsync(run.Name, file)), actual = ReadResult(await run.ReadArtifactAsync(file));
            Assert.Equal(expected.InputDigest, actual.InputDigest);
            Assert.Equal(expected.Training!.WeightsDigest, actual.Training!.WeightsDigest);
            Assert.Equal(expected.Training.FinalLoss, actual.Training.FinalLoss);
            Assert.Equal(stage.TaskDigest, actual.TaskDigest);
            Assert.Single(artifacts, path => path == file);
        }

        Assert.Equal(attempts.Sum(), await run.CountJobsAsync());
        Assert.Equal(status.Stages.Count, (await run.Space.EventsOfAsync(run.Name)).Count(told => told.StartsWith("StageCompleted", StringComparison.Ordinal)));
    }

    /// <summary>The Jobs that were ever created for the run, those that are gone as well.</summary>
    public static async Task<int> CountJobsAsync(this PretrainHandle run) =>
        (await run.Space.EventsOfAsync(run.Name)).Where(told => told.StartsWith("JobCreated", StringComparison.Ordinal)).Distinct().Count();

    /// <summary>The pods that the cluster ever made for the run's Jobs. A Job controller replaces a pod that somebody deletes.</summary>
    public static async Task<int> CountPodsAsync(this PretrainHandle run)
    {
        Corev1EventList events = await run.Space.Kubectl.ListAsync<Corev1EventList>("events");
        return events.Items.Where(told => told is { Reason: "SuccessfulCreate", InvolvedObject.Kind: "Job" } && told.InvolvedObject.Name.StartsWith($"{run.Name}-", StringComparison.Ordinal))
            .Select(told => told.Message).Distinct().Count();
    }

    /// <summary>Waits for the first event of a reason, and gives it with its words.</summary>
    public static Task<string> WaitForEventAsync(this PretrainHandle run, string reason) => Eventually.Gives(
        async () => (await run.Space.EventsOfAsync(run.Name)).FirstOrDefault(told => told.StartsWith($"{reason}: ", StringComparison.Ordinal)),
        () => $"nothing was told of {run.Resource} with the reason {reason}",
        TestContext.Current.CancellationToken);

    /// <summary>The step after which an attempt went on, as its log says; 0 where it began at the beginning.</summary>
    public static async Task<int> StepGoneOnFromAsync(this PretrainHandle run, string stage, int attempt)
    {
        WorkerPod pod = (await run.PodsAsync(stage)).Single(pod => pod.Attempt == attempt);
        return GoingOn().Match(await pod.LogsAsync()) is { Success: true } said ? int.Parse(said.Groups["step"].Value) : 0;
    }

    /// <summary>For the summary: attempts, who paid, and pods.</summary>
    public static async Task<string> DescribeAsync(this PretrainHandle run) => $"{(await run.StatusAsync()).DescribeAttempts()}, {await run.CountPodsAsync()} pods";

    [GeneratedRegex("Going on after step (?<step>[0-9]+) of")]
    private static partial Regex GoingOn();

    private static TaskResult ReadResult(string json) => TaskJson.DeserializeReport<TaskResult>(Encoding.UTF8.GetBytes(json));
}
