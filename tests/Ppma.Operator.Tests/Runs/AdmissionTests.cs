using System.Net;
using System.Text.Json;
using Ppma.Api;
using Ppma.Api.Conditions;
using Ppma.Api.Pretraining;
using Ppma.Api.Runs;
using Ppma.Controllers.Requests;
using Ppma.Operator.Runs;

namespace Ppma.Operator.Tests.Runs;

/// <summary>What a run waits for, and what it is refused for. None of them gets a Job.</summary>
public sealed class AdmissionTests
{
    private readonly FakeCluster _cluster = new();

    [Fact]
    public async Task Run_WithoutItsDataset_NamesIt_AndStartsWhenItIsThere()
    {
        var run = _cluster.Apply(Given.Pretrain());
        await WaitsAsync(run, ConditionType.DatasetsReady, Reason.DatasetMissing, "\"clips\"", Reconciling);

        _cluster.Datasets.Put(Given.Dataset(ready: false));
        await WaitsAsync(run, ConditionType.DatasetsReady, Reason.DatasetNotReady, "the index cannot be read", Reconciling);

        _cluster.Datasets.Remove(new(Given.Namespace, "clips"));
        _cluster.Datasets.Put(Given.Dataset());
        await _cluster.SettleAsync(run);
        Assert.Single(_cluster.Jobs.OnServer);
    }

    [Fact]
    public async Task WaitingRun_IsNotPolled_AndIsProbedOnceAGeneration()
    {
        var run = _cluster.Apply(Given.Pretrain());

        var result = await _cluster.SettleAsync(run);
        await _cluster.SettleAsync(run);

        Assert.Null(result.RequeueAfter);
        Assert.Equal(["DRY Job", "DRY Pod", "PUT PretrainRun demo/run"], _cluster.Api.Requests);
    }

    [Fact]
    public async Task WaitingRun_WhosePodWouldBeRefused_LearnsItEarly()
    {
        _cluster.Pods.RefuseDryRun = _ => new ApiException(HttpStatusCode.Forbidden, "Forbidden", "error looking up service account demo/trainer: serviceaccount \"trainer\" not found");
        var run = _cluster.Apply(Given.Pretrain());

        await WaitsAsync(run, ConditionType.SpecAccepted, Reason.PodRefused, "\"trainer\" not found", Stalled);
    }

    [Theory]
    [InlineData("data-key", true)]
    [InlineData("somebody-elses", false)]
    public async Task WaitingRun_WhosePodMountsASecret_IsJudgedWhenItIsKnownWhoNamesIt(string secret, bool allowed)
    {
        var run = _cluster.Apply(Given.Pretrain(change: spec => spec with
        {
            Compute = spec.Compute with
            {
                PodTemplateOverrides = JsonSerializer.Deserialize<Dictionary<string, object>>(
                    $$"""{"spec": {"containers": [{"name": "worker", "env": [{"name": "MIRROR_KEY", "valueFrom": {"secretKeyRef": {"name": "{{secret}}", "key": "key"} } }] }] } }"""),
            },
        }));
        await WaitsAsync(run, ConditionType.DatasetsReady, Reason.DatasetMissing, "\"clips\"", Reconciling);

        var dataset = Given.Dataset();
        _cluster.Datasets.Put(new() { Metadata = dataset.Metadata, Spec = dataset.Spec with { Credentials = new() { Secret = new() { Name = "data-key", Key = "key" } } }, Status = dataset.Status });
        await _cluster.SettleAsync(run);

        Assert.Equal(allowed ? "SpecValid" : "PodNotAllowed", _cluster.Condition(run, ConditionType.SpecAccepted)!.Reason);
        Assert.Equal(allowed ? 1 : 0, _cluster.Jobs.OnServer.Count);
    }

    [Fact]
    public async Task WaitingRun_OnAServerThatCannotDryRun_IsNotRefused()
    {
        _cluster.Jobs.RefuseDryRun = _ => new ApiException(HttpStatusCode.BadRequest, "BadRequest", "admission webhook \"x\" does not support dry run");
        var run = _cluster.Apply(Given.Pretrain());

        await WaitsAsync(run, ConditionType.DatasetsReady, Reason.DatasetMissing, "\"clips\"", Reconciling);
        Assert.Equal("True", _cluster.Condition(run, ConditionType.SpecAccepted)!.Status);
    }

    [Theory]
    [InlineData(Humans.Real, null, Reason.PrivacyGateRefused, "shows real humans")]
    [InlineData(Humans.Removed, "TrustOnFirstUse", Reason.AttestationNotPinned, "names no bytes")]
    [InlineData(Humans.None, "0000000000000000000000000000000000000000000000000000000000000000", Reason.AttestationMismatch, "attested for index 00000000")]
    public async Task Run_OnADatasetThatMayShowHumans_IsRefused(Humans humans, string? attested, Reason reason, string message)
    {
        _cluster.Datasets.Put(Given.Dataset(humans: humans, attested: attested));
        var run = _cluster.Apply(Given.Pretrain());

        await WaitsAsync(run, ConditionType.PrivacyGatePassed, reason, message, Stalled);
        Assert.Equal(PrivacyDecision.Refused, _cluster.StatusOf(run).Privacy!.Decision);
    }

    [Fact]
    public async Task Run_ThatAllowsRealHumans_StartsUnlessTheOperatorRulesItOut()
    {
        static PretrainRunSpec Allowed(PretrainRunSpec spec) => spec with { Privacy = new() { RealHumans = RealHumans.Allowed } };
        _cluster.Datasets.Put(Given.Dataset(humans: Humans.Real));
        var allowed = _cluster.Apply(Given.Pretrain(change: Allowed));
        await _cluster.SettleAsync(allowed);
        Assert.Equal("PrivacyNotClaimed", _cluster.Condition(allowed, ConditionType.PrivacyGatePassed)!.Reason);

        var strict = new FakeCluster(new RunOptions { WorkerImage = "x", ForbidRealHumansIn = [Given.Namespace] });
        strict.Datasets.Put(Given.Dataset(humans: Humans.Real));
        var run = strict.Apply(Given.Pretrain(change: Allowed));
        await strict.SettleAsync(run);
        Assert.Equal("RealHumansRuledOut", strict.Condition(run, ConditionType.PrivacyGatePassed)!.Reason);
        Assert.Empty(strict.Jobs.OnServer);
    }

    [Fact]
    public async Task Run_FromACheckpointWithoutARecord_IsRefused()
    {
        _cluster.Datasets.Put(Given.Dataset());
        var run = _cluster.Apply(Given.Pretrain(change: spec => spec with { Weights = new() { FromCheckpoint = Checkpoint } }));

        await WaitsAsync(run, ConditionType.PrivacyGatePassed, Reason.WeightsProvenanceUnknown, $"{Checkpoint.Uri}: nothing says what the checkpoint was trained on", Stalled);
    }

    [Fact]
    public async Task Run_FromAnEnsemble_IsAsCleanAsItsWorstMember()
    {
        _cluster.Datasets.Put(Given.Dataset());
        var clean = _cluster.Apply(Given.Pretrain("clean"));
        await FinishAsync(clean);
        var ensemble = new EnsembleWeights { Members = [new() { FromRun = new() { Name = "clean" } }, new() { FromCheckpoint = Checkpoint }] };
        var run = _cluster.Apply(Given.Pretrain(change: spec => spec with { Weights = new() { FromEnsemble = ensemble } }));

        await _cluster.SettleAsync(run);

        Assert.Equal("WeightsProvenanceUnknown", _cluster.Condition(run, ConditionType.PrivacyGatePassed)!.Reason);
        Assert.Single(_cluster.Jobs.OnServer);
    }

    [Fact]
    public async Task Run_FromOneThatAllowedRealHumans_IsRefused_HoweverFarBack()
    {
        _cluster.Datasets.Put(Given.Dataset());
        var tainted = _cluster.Apply(Given.Pretrain("tainted", change: spec => spec with { Privacy = new() { RealHumans = RealHumans.Allowed } }));
        await FinishAsync(tainted);
        var middle = _cluster.Apply(Given.Pretrain("middle", change: spec => spec with
        {
            Privacy = new() { RealHumans = RealHumans.Allowed }, Weights = new() { FromRun = new() { Name = "tainted" } },
        }));
        await FinishAsync(middle);

        var run = _cluster.Apply(Given.Pretrain(change: spec => spec with { Weights = new() { FromRun = new() { Name = "middle" } } }));
        await _cluster.SettleAsync(run);

        Assert.Equal("PrivacyGateRefused", _cluster.Condition(run, ConditionType.PrivacyGatePassed)!.Reason);
        Assert.Equal(2, _cluster.Jobs.OnServer.Count);
    }

    [Fact]
    public async Task Run_FromOneThatFailed_IsTold()
    {
        _cluster.Datasets.Put(Given.Dataset());
        var failed = _cluster.Apply(Given.Pretrain("failed"));
        await _cluster.SettleAsync(failed);
        _cluster.End(64);
        await _cluster.SettleAsync(failed);
        var run = _cluster.Apply(Given.Pretrain(change: spec => spec with { Weights = new() { FromRun = new() { Name = "failed" } } }));

        await _cluster.SettleAsync(run);

        Assert.Equal("WeightsFailed", _cluster.Condition(run, ConditionType.WeightsReady)!.Reason);
        Assert.NotNull(_cluster.Condition(run, ConditionType.Stalled));
    }

    [Fact]
    public async Task Run_FromAStageOfARunThatGoesOn_NeedsOnlyThatStage()
    {
        _cluster.Datasets.Put(Given.Dataset());
        var source = _cluster.Apply(Given.Pretrain("source", stages: 2));
        await _cluster.SettleAsync(source);
        _cluster.Finish();
        await _cluster.SettleAsync(source);

        var run = _cluster.Apply(Given.Pretrain(change: spec => spec with { Weights = new() { FromRun = new() { Name = "source", Stage = "mae" } } }));
        await _cluster.SettleAsync(run);

        Assert.Equal("True", _cluster.Condition(run, ConditionType.Admitted)!.Status);
    }

    public static TheoryData<string, string> Refusals() => new()
    {
        { "workers", "spec.compute.workers: is 2" },
        { "gpus", "spec.compute.gpusPerWorker: is 8" },
        { "no artifacts", "spec.artifacts: is missing" },
        { "relative", "spec.artifacts.uri: \"file:runs\" lies below a folder of one machine" },
        { "no volume", "spec.artifacts.volume: is missing" },
        { "preset", "\"mae-minni\" is not known" },
        { "quantity", "spec.compute.requests[cpu]: \"four\" is no quantity" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task Run_ThatCannotBeCarriedOut_NamesTheField(string what, string message)
    {
        _cluster.Datasets.Put(Given.Dataset());
        var run = _cluster.Apply(Given.Pretrain(change: spec => what switch
        {
            "workers" => spec with { Compute = spec.Compute with { Workers = 2 } },
            "gpus" => spec with { Compute = spec.Compute with { GpusPerWorker = 8 } },
            "no artifacts" => spec with { Artifacts = null },
            "relative" => spec with { Artifacts = new() { Uri = "file:runs" } },
            "no volume" => spec with { Artifacts = new() { Uri = "file:///runs" } },
            "preset" => spec with { Stages = [spec.Stages[0] with { Preset = "mae-minni" }] },
            _ => spec with { Compute = spec.Compute with { Requests = new Dictionary<string, string> { ["cpu"] = "four" } } },
        }));

        await WaitsAsync(run, ConditionType.SpecAccepted, Reason.SpecInvalid, message, Stalled);
    }

    [Fact]
    public async Task Run_OfAForbiddenPod_NamesTheField()
    {
        _cluster.Datasets.Put(Given.Dataset());
        var overrides = new Dictionary<string, object> { ["spec"] = new Dictionary<string, object> { ["hostNetwork"] = true } };
        var run = _cluster.Apply(Given.Pretrain(change: spec => spec with { Compute = spec.Compute with { PodTemplateOverrides = overrides } }));

        await WaitsAsync(run, ConditionType.SpecAccepted, Reason.PodNotAllowed, "hostNetwork", Stalled);
    }

    [Fact]
    public async Task Create_ThatTheServerRefuses_IsTheRunsFault_InTheServersWords()
    {
        _cluster.Datasets.Put(Given.Dataset());
        _cluster.Jobs.Refuse = _ => new ApiException(HttpStatusCode.UnprocessableEntity, "Invalid", "Job.batch \"x\" is invalid: spec.template.spec.containers[0].image: Required value");
        var run = _cluster.Apply(Given.Pretrain());

        await WaitsAsync(run, ConditionType.SpecAccepted, Reason.PodRefused, "containers[0].image: Required value", Stalled);

        _cluster.Jobs.Refuse = _ => null;
        await _cluster.PassAsync(TimeSpan.FromMinutes(2), run);
        Assert.Single(_cluster.Jobs.OnServer);
        Assert.Equal("True", _cluster.Condition(run, ConditionType.SpecAccepted)!.Status);
    }

    [Fact]
    public async Task Create_ThatAQuotaHasNoRoomFor_Waits()
    {
        _cluster.Datasets.Put(Given.Dataset());
        _cluster.Jobs.Refuse = _ => new ApiException(HttpStatusCode.Forbidden, "Forbidden", "jobs.batch \"x\" is forbidden: exceeded quota: few, requested: count/jobs.batch=1");
        var run = _cluster.Apply(Given.Pretrain());

        await WaitsAsync(run, ConditionType.Scheduled, Reason.QuotaExceeded, "exceeded quota: few", Reconciling);
        Assert.Equal("True", _cluster.Condition(run, ConditionType.SpecAccepted)!.Status);
    }

    [Fact]
    public async Task Run_WhoseNameIsTaken_SaysByWhat()
    {
        _cluster.Datasets.Put(Given.Dataset());
        var run = _cluster.Apply(Given.Pretrain());
        _cluster.ConfigMaps.Put(new k8s.Models.V1ConfigMap
        {
            Metadata = new() { Name = Ppma.Operator.Pods.Names.Tasks(RunView.Of(run).Identity), NamespaceProperty = Given.Namespace },
        });

        await WaitsAsync(run, ConditionType.Admitted, Reason.NameTaken, "belongs to somebody else", Stalled);
    }

    [Fact]
    public async Task Run_InANamespaceThatEnds_IsLeftAlone()
    {
        _cluster.Datasets.Put(Given.Dataset());
        _cluster.ConfigMaps.Refuse = _ => new ApiException(HttpStatusCode.Forbidden, "Forbidden", "configmaps \"x\" is forbidden: unable to create new content in namespace demo because it is being terminated");
        var run = _cluster.Apply(Given.Pretrain());

        await _cluster.SettleAsync(run);

        Assert.Equal(-1, _cluster.StatusOf(run).ObservedGeneration);
    }

    private static CheckpointWeights Checkpoint => new()
    {
        Uri = "https://acme.blob.core.windows.net/weights/vit.pt", Sha256 = new string('7', 64), Objective = Objective.MaskedAutoencoding, Credentials = new() { Secret = new() { Name = "storage", Key = "key" } },
    };

    private const ConditionType Reconciling = ConditionType.Reconciling;
    private const ConditionType Stalled = ConditionType.Stalled;

    private async Task FinishAsync(PretrainRun run)
    {
        await _cluster.SettleAsync(run);
        _cluster.Finish();
        await _cluster.SettleAsync(run);
    }

    private async Task WaitsAsync(PretrainRun run, ConditionType type, Reason reason, string message, ConditionType summary)
    {
        await _cluster.SettleAsync(run);
        var condition = _cluster.Condition(run, type)!;
        Assert.Equal(("False", reason.ToString()), (condition.Status, condition.Reason));
        Assert.Contains(message, condition.Message, StringComparison.Ordinal);
        Assert.Empty(_cluster.Jobs.OnServer);
        Assert.Equal("Unknown", _cluster.Condition(run, ConditionType.Ready)!.Status);
        Assert.Equal([summary.ToString()], _cluster.StatusOf(run).Conditions.Select(one => one.Type).Where(one => one is "Reconciling" or "Stalled"));
    }
}
