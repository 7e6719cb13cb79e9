using System.Text.Json;
using CsCheck;
using Ppma.Api.Tasks;
using Ppma.Worker.Execution;

namespace Ppma.Worker.Tests.Execution;

public sealed class TerminationLogTests
{
    [Fact]
    public void Fit_ErrorOfAnyLength_StaysWithin4KiBAndParses() =>
        Gen.String[0, 20_000].Sample(text =>
        {
            byte[] bytes = TerminationLog.Fit(new TerminationMessage { Error = new TaskError(64, "BadSpec", text) });

            return bytes.Length <= TerminationMessage.MaxBytes
                && TaskJson.Deserialize<TerminationMessage>(bytes).Error!.ExitCode == 64;
        }, iter: 200);

    [Fact]
    public void Fit_ResultWithManyRateTrials_DropsThemAndKeepsTheScores()
    {
        var result = new TaskResult
        {
            TaskDigest = "t",
            InputDigest = "i",
            Kind = TaskKind.Evaluate,
            StartTime = DateTimeOffset.UnixEpoch,
            CompletionTime = DateTimeOffset.UnixEpoch,
            Evaluation = new EvaluationOutcome
            {
                Top1 = 0.5,
                Top5 = 0.9,
                MeanClassAccuracy = 0.4,
                Samples = 10,
                PeakRate = 0.1,
                RateTrials = [.. Enumerable.Range(0, 500).Select(i => new RateTrial(i / 3.0, i / 7.0))],
            },
        };

        byte[] bytes = TerminationLog.Fit(new TerminationMessage { Result = result });

        Assert.InRange(bytes.Length, 1, TerminationMessage.MaxBytes);
        Assert.Equal(0.5, JsonSerializer.Deserialize<TerminationMessage>(bytes, TaskJson.Options)!.Result!.Evaluation!.Top1);
    }

    [Fact]
    public void Fit_ResultWithManyCheckpoints_KeepsTheBestTheLastAndTheNewest()
    {
        var result = new TaskResult
        {
            TaskDigest = "t",
            InputDigest = "i",
            Kind = TaskKind.PretrainStage,
            StartTime = DateTimeOffset.UnixEpoch,
            CompletionTime = DateTimeOffset.UnixEpoch,
            Training = new TrainingOutcome
            {
                Steps = 20_000,
                FinalLoss = 0.5,
                Checkpoint = "mae/checkpoints/step-00020000",
                WeightsDigest = new string('a', 64),
                Checkpoints = [.. Enumerable.Range(1, 200).Select(i => new KeptCheckpoint
                {
                    Step = i * 100, Path = $"mae/checkpoints/step-{i * 100:D8}", Digest = new string('a', 64), Best = i == 7,
                })],
            },
        };

        byte[] bytes = TerminationLog.Fit(new TerminationMessage { Result = result });

        Assert.InRange(bytes.Length, 1, TerminationMessage.MaxBytes);
        long[] steps = [.. TaskJson.Deserialize<TerminationMessage>(bytes).Result!.Training!.Checkpoints!.Select(kept => kept.Step)];
        Assert.Equal(700, steps[0]);
        Assert.Equal(Enumerable.Range(0, steps.Length - 1).Select(i => 20_000L - (i * 100)).Reverse(), steps[1..]);
        Assert.True(steps.Length > 10, $"only {steps.Length} are left");
    }
}
