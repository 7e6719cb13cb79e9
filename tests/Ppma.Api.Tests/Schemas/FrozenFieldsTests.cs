using Ppma.Api.Evaluation;
using Ppma.Api.Pretraining;
using Ppma.Api.Runs;
using Ppma.Api.Schemas;

namespace Ppma.Api.Tests.Schemas;

/// <summary>Where an API server has no CEL the operator finds the same changes: these are those of the rules' own tests.</summary>
public sealed class FrozenFieldsTests
{
    private static readonly PretrainRunSpec Spec = new()
    {
        Stages = [new StageSpec { Name = "mae", Datasets = [new StageDataset { Name = "context" }] }],
        Deadlines = new DeadlineSettings { ActiveSeconds = 3600 },
        Cancel = true,
    };

    public static TheoryData<PretrainRunSpec> Allowed =>
    [
        Spec,
        Spec with { Suspend = true, TtlSecondsAfterFinished = 0 },
        Spec with { Deadlines = Spec.Deadlines with { StartupSeconds = 7200, ActiveSeconds = 7200 } },
        Spec with { Deadlines = Spec.Deadlines with { ActiveSeconds = null } },
        Spec with { Restart = Spec.Restart with { Application = 4, Infrastructure = 51 } },
    ];

    public static TheoryData<PretrainRunSpec, string> Refused => new()
    {
        { Spec with { Seed = 124 }, "spec.seed was 123, and is 124" },
        { Spec with { Cancel = false }, "spec.cancel was true, and is taken back" },
        { Spec with { Stages = [Spec.Stages[0] with { Datasets = [new StageDataset { Name = "other" }] }] }, "spec.stages[0].datasets[0].name was \"context\", and is \"other\"" },
        { Spec with { Weights = new WeightsSpec { Random = new RandomWeights() } }, "spec.weights was left out, and is {\"random\":{}}" },
        { Spec with { Deadlines = Spec.Deadlines with { StartupSeconds = 60 } }, "spec.deadlines.startupSeconds was 3600, and may only be raised, not set to 60" },
        { Spec with { Deadlines = Spec.Deadlines with { ActiveSeconds = 60 } }, "spec.deadlines.activeSeconds was 3600, and may only be raised, not set to 60" },
        { Spec with { Restart = Spec.Restart with { Application = 2 } }, "spec.restart.application was 3, and may only be raised, not set to 2" },
        { Spec with { Restart = Spec.Restart with { BackoffSeconds = 31 } }, "spec.restart.backoffSeconds was 30, and is 31" },
    };

    [Theory]
    [MemberData(nameof(Allowed))]
    public void Changed_WhatMayChange_IsNoFinding(PretrainRunSpec now) => Assert.Empty(FrozenFields.Changed(Spec, now));

    [Theory]
    [MemberData(nameof(Refused))]
    public void Changed_WhatMayNot_IsNamedWithBothValues(PretrainRunSpec now, string finding) => Assert.Equal([finding], FrozenFields.Changed(Spec, now));

    [Fact]
    public void Changed_LimitWhereThereWasNone_IsAFinding() => Assert.Equal(
        ["spec.deadlines.activeSeconds was left out, and may only be raised, not set to 5"],
        FrozenFields.Changed(new EvalRunSpec(), new EvalRunSpec { Deadlines = new DeadlineSettings { ActiveSeconds = 5 } }));
}
