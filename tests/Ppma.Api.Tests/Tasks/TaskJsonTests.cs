using System.Text;
using System.Text.Json.Nodes;
using Ppma.Api.Tasks;

namespace Ppma.Api.Tests.Tasks;

public sealed class TaskJsonTests
{
    [Fact]
    public void ReadTask_OfItsOwnBytes_GivesTheSameBytes()
    {
        var bytes = TaskJson.Serialize(SampleTasks.Stage());

        Assert.Equal(bytes, TaskJson.Serialize(TaskJson.ReadTask(bytes, "task.json")));
    }

    [Fact]
    public void Serialize_AnyTask_NamesItsEnumsAndSpellsNumbersShort()
    {
        var text = Encoding.UTF8.GetString(TaskJson.Serialize(SampleTasks.Stage()));

        Assert.Contains("\"kind\": \"PretrainStage\"", text, StringComparison.Ordinal);
        Assert.Contains("\"peakRate\": 0.0016,", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("checkpoint")]
    [InlineData("threads")]
    [InlineData("seed")]
    public void ReadTask_WithAMemberLeftOut_NamesItInsteadOfInventingIt(string member)
    {
        var json = Json();
        json.Remove(member);

        Assert.Contains($"'{member}'", Assert.Throws<TaskFailedException>(() => Read(json)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Deserialize_ProgressOfItsOwnBytes_GivesTheSame()
    {
        var progress = new TaskProgress { Phase = "training", Step = 3, TotalSteps = 12, LastProgressTime = DateTimeOffset.UnixEpoch };

        Assert.Equal(progress, TaskJson.Deserialize<TaskProgress>(TaskJson.Serialize(progress)));
        Assert.Equal(25, progress.Percent);
    }

    [Theory]
    [InlineData("taskVersion", "2", "taskVersion: 2 is not 1")]
    [InlineData("stepz", "2", "could not be mapped")]
    [InlineData("kind", "\"Pretrain\"", "$.kind")]
    [InlineData("threads", "\"two\"", "$.threads")]
    [InlineData("threads", "0", "threads: is 0; it must be at least 1")]
    [InlineData("inputDigest", "\"abc\"", "inputDigest: must be a SHA-256")]
    [InlineData("evaluate", "null", null)]
    public void ReadTask_WithOneMemberChanged_NamesIt(string member, string value, string? message)
    {
        var json = Json();
        json[member] = JsonNode.Parse(value);

        if (message is null)
        {
            Read(json);
            return;
        }

        var failure = Assert.Throws<TaskFailedException>(() => Read(json));
        Assert.Equal(ExitCodes.BadSpec, failure.ExitCode);
        Assert.StartsWith("task.json: ", failure.Message, StringComparison.Ordinal);
        Assert.Contains(message, failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{\"taskVersion\":1}")]
    [InlineData("{\"taskVersion\":1,\"taskVersion\":1}")]
    [InlineData("not json")]
    public void ReadTask_OfSomethingElse_IsABadSpec(string text)
    {
        var failure = Assert.Throws<TaskFailedException>(() => TaskJson.ReadTask(Encoding.UTF8.GetBytes(text), "task.json"));

        Assert.Equal(ExitCodes.BadSpec, failure.ExitCode);
    }

    [Fact]
    public void Validate_SeveralProblems_NamesAllOfThem()
    {
        var sample = SampleTasks.Stage();
        var stage = sample.PretrainStage!;
        var task = sample with
        {
            PretrainStage = stage with
            {
                Model = stage.Model with { Dim = 100 },
                MaskRatio = 1,
                Optimization = stage.Optimization with { BatchSize = 10 },
                Datasets = [stage.Datasets[0] with { Weight = -1 }],
                Weights = new WeightsInput { Source = WeightsSource.Stage },
            },
        };

        var problems = task.Validate();

        Assert.Equal(
            [
                "pretrainStage.model.heads",
                "pretrainStage.optimization.viewsPerClip",
                "pretrainStage.weights.stage",
                "pretrainStage.weights.source",
                "pretrainStage.datasets[0].weight",
                "pretrainStage.maskRatio",
            ],
            problems.Select(problem => problem[..problem.IndexOf(": ", StringComparison.Ordinal)]));
    }

    [Theory]
    [InlineData("storage/sas", true)]
    [InlineData("storage.ppma/.connection_string", true)]
    [InlineData("storage", false)]
    [InlineData("/storage/sas", false)]
    [InlineData("../sas", false)]
    [InlineData("storage/..", false)]
    [InlineData("storage/sas/more", false)]
    public void Validate_CredentialsThatAreNoKeyOfASecret_AreRefused(string reference, bool isFine)
    {
        var sample = SampleTasks.Stage();
        var stage = sample.PretrainStage!;
        var task = sample with { PretrainStage = stage with { Datasets = [stage.Datasets[0] with { Credentials = reference }] } };

        Assert.Equal(isFine ? [] : ["pretrainStage.datasets[0].credentials: \"" + reference + "\" names no key of a Secret; write it as secret/key"], task.Validate());
    }

    private static JsonObject Json() => JsonNode.Parse(TaskJson.Serialize(SampleTasks.Stage()))!.AsObject();

    private static TaskSpec Read(JsonObject json) => TaskJson.ReadTask(Encoding.UTF8.GetBytes(json.ToJsonString()), "task.json");
}
