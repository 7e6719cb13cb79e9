using k8s;
using Ppma.Api.Datasets;
using Ppma.Api.Evaluation;
using Ppma.Api.Runs;

namespace Ppma.Api.Tests.Runs;

public sealed class RunStatusTests
{
    [Fact]
    public void Json_OfEveryField_ReadsBackTheSame()
    {
        Same(LargestStatus.Of<RunStatus>('x'));
        Same(LargestStatus.Of<EvalRunStatus>('x'));
        Same(LargestStatus.Of<VideoDatasetStatus>('x'));

        static void Same<T>(T status)
        {
            var json = KubernetesJson.Serialize(status);
            Assert.Equal(json, KubernetesJson.Serialize(KubernetesJson.Deserialize<T>(json)));
        }
    }

    [Fact]
    public void Json_FieldOfANewerOperator_IsPassedOver()
    {
        var status = KubernetesJson.Deserialize<RunStatus>("""{"observedGeneration":3,"mood":"good","summary":{"restarts":7}}""");

        Assert.Equal(3, status.ObservedGeneration);
        Assert.Equal(0, status.Summary.Restarts);
    }

    [Fact]
    public void Summary_OfARunInItsSecondStage_TellsOfThatStage()
    {
        var status = new RunStatus
        {
            Stages =
            [
                new StageStatus { Name = "mae", State = StageState.Succeeded, Attempt = 1 },
                new StageStatus
                {
                    Name = "align", State = StageState.Running, Attempt = 3,
                    Progress = new ProgressStatus { Percent = 99.97, Loss = 1.234567, Eta = new DateTime(2026, 1, 31, 13, 5, 0, DateTimeKind.Utc) },
                },
            ],
            Restarts = new RestartStatus { Application = 1, Infrastructure = 2 },
        };

        Assert.Equal(
            new RunSummary { Stage = "align 2/2", Progress = "99%", Eta = "2026-01-31T13:05:00Z", Attempt = 3, Loss = 1.2346, Restarts = 3 },
            status.Summary);
    }

    [Fact]
    public void Summary_OfAFreshRun_SaysNothing() => Assert.Equal(new RunSummary(), new RunStatus().Summary);

    [Fact]
    public void Summary_OfAnEndedRun_IsDone() =>
        Assert.Equal(
            new RunSummary { Stage = "evaluate", Progress = "100%", Attempt = 1 },
            new RunStatus { Stages = [new StageStatus { Name = "evaluate", State = StageState.Succeeded, Attempt = 1 }] }.Summary);
}
