using Ppma.Api.Runs;
using Ppma.Operator.Pods;

namespace Ppma.Operator.Tests.Pods;

public sealed class PodRulesTests
{
    [Theory]
    [MemberData(nameof(TestOverrides.AgainstTheProfile), MemberType = typeof(TestOverrides))]
    public void Check_WhatTheProfileForbids_NamesTheField(string overrides, string field)
    {
        var plan = TestPods.PlanWith(overrides);

        Assert.Empty(plan.Problems);
        Assert.Contains(PodRules.Check(plan, PodPolicy.Restricted, serviceAccountAllowsRuns: true), problem => problem.StartsWith($"{field}: ", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(TestOverrides.AgainstTheProfile), MemberType = typeof(TestOverrides))]
    public void Check_WhatTheProfileForbids_PassesWhereTheNamespaceIsUnrestricted(string overrides, string field)
    {
        Assert.NotEmpty(field);
        Assert.Empty(PodRules.Check(TestPods.PlanWith(overrides), PodPolicy.Unrestricted, serviceAccountAllowsRuns: true));
    }

    [Theory]
    [MemberData(nameof(TestOverrides.AgainstIdentityOrOwnership), MemberType = typeof(TestOverrides))]
    public void Check_WhatTouchesOthersOrTheOperator_IsRefusedUnderEveryPolicy(string overrides, string field)
    {
        var plan = TestPods.PlanWith(overrides);

        Assert.Empty(plan.Problems);
        foreach (var policy in Enum.GetValues<PodPolicy>())
        {
            Assert.Contains(PodRules.Check(plan, policy, serviceAccountAllowsRuns: false), problem => problem.StartsWith($"{field}: ", StringComparison.Ordinal));
        }
    }

    [Theory]
    [MemberData(nameof(TestOverrides.Harmless), MemberType = typeof(TestOverrides))]
    public void Check_WhatPeopleNeed_Passes(string overrides)
    {
        var plan = TestPods.PlanWith(overrides);

        Assert.Empty(plan.Problems);
        Assert.Empty(PodRules.Check(plan, PodPolicy.Restricted, serviceAccountAllowsRuns: true));
    }

    [Theory]
    [InlineData("app.kubernetes.io/managed-by")]
    [InlineData("ppma.cloud/uid")]
    public void Check_AMarkOfOursAmongPodLabels_IsRefused(string label)
    {
        var plan = TestPods.Plan(TestPods.Request(compute: new() { PodLabels = new Dictionary<string, string> { [label] = "mine" } }));

        Assert.Contains(PodRules.Check(plan, PodPolicy.Unrestricted, serviceAccountAllowsRuns: true), problem => problem.Contains(label, StringComparison.Ordinal));
    }

    [Fact]
    public void Check_AWorkloadIdentityThatNothingNeeds_IsRefused()
    {
        var task = TestPods.Stage(artifactsCredentials: "store/sas", datasets: TestPods.Dataset(credentials: "store/sas"));
        var plan = TestPods.Plan(TestPods.Request(task, new() { PodLabels = new Dictionary<string, string> { [Labels.WorkloadIdentity] = "true" } }));

        Assert.Contains(
            PodRules.Check(plan, PodPolicy.Unrestricted, serviceAccountAllowsRuns: true),
            problem => problem.StartsWith($"pod.metadata.labels[{Labels.WorkloadIdentity}]: ", StringComparison.Ordinal));
    }

    [Fact]
    public void Check_ASecretThatTheSpecNames_MayBeUsedInOverridesToo()
    {
        var request = TestPods.Request(TestPods.Stage(artifactsCredentials: "store/sas"), new() { GpusPerWorker = 1, PullSecrets = [new() { Name = "registry" }] });
        var plan = TestPods.PlanWith("""{"spec":{"imagePullSecrets":[{"name":"store"},{"name":"registry"}]}}""", request);

        Assert.Empty(PodRules.Check(plan, PodPolicy.Restricted, serviceAccountAllowsRuns: true));
    }

    [Theory]
    [InlineData(null, null, false)]
    [InlineData(null, "sas", true)]
    [InlineData("trainer", "sas", false)]
    [InlineData("trainer", null, false)]
    public void Check_AServiceAccountThatDoesNotAllowRuns_IsRefusedUnlessNothingUsesIt(string? account, string? key, bool passes)
    {
        string? credentials = key is null ? null : $"store/{key}";
        var task = TestPods.Stage(artifactsCredentials: credentials, datasets: TestPods.Dataset(credentials: credentials));
        var plan = TestPods.Plan(TestPods.Request(task, new ComputeSettings { ServiceAccountName = account }));

        var problems = PodRules.Check(plan, PodPolicy.Restricted, serviceAccountAllowsRuns: false);

        Assert.Equal(passes, problems.Count == 0);
        Assert.Equal(passes, plan.ServiceAccountToAsk is null);
        Assert.Empty(PodRules.Check(plan, PodPolicy.Restricted, serviceAccountAllowsRuns: true));
    }

    [Fact]
    public void Check_SeveralProblems_NamesThemAll()
    {
        var plan = TestPods.PlanWith("""{"spec":{"hostNetwork":true,"nodeName":"x","automountServiceAccountToken":true}}""");

        Assert.Equal(3, PodRules.Check(plan, PodPolicy.Restricted, serviceAccountAllowsRuns: true).Count);
    }
}
