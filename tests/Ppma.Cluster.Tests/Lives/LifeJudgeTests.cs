using Ppma.Testing.Kubernetes;

namespace Ppma.Cluster.Tests.Lives;

/// <summary>The judge must see what it is there for: a log of a good life, and the same with one thing wrong.</summary>
public sealed class LifeJudgeTests
{
    private const string Operator = "system:serviceaccount:life:operator";

    private static readonly AuditEntry[] GoodLife =
    [
        Entry("create", "configmaps", "ppma-tasks-0badca"),
        Entry("create", "jobs", "ppma-mae-0badca-a1") with { Uri = "/apis/batch/v1/namespaces/life/jobs?dryRun=All" },
        Entry("create", "jobs", "ppma-mae-0badca-a1"),
        Entry("create", "jobs", "ppma-mae-0badca-a1") with { Code = 409 },
        Entry("update", "pretrainruns", "ppma") with { Subresource = "status" },
        Entry("create", "jobs", "clips-verify-c0ffee-a1"),
        Entry("delete", "jobs", "clips-verify-c0ffee-a1"),
        Entry("create", "jobs", "ppma-align-facade-a1"),
        Entry("create", "pods", "ppma-mae-0badca-a1-x7k2p") with { User = "system:kube-controller-manager" },
        Entry("create", "configmaps", "kube-root-ca.crt") with { User = "system:kube-controller-manager" },
    ];

    [Fact]
    public void Violations_OfAGoodLife_AreNone()
    {
        Assert.Empty(LifeJudge.Violations(GoodLife, Operator, stages: 3));
    }

    [Fact]
    public void Violations_OfAJobCreatedTwice_NameIt()
    {
        AuditEntry[] log = [.. GoodLife, Entry("create", "jobs", "ppma-mae-0badca-a1")];

        Assert.Equal(["jobs/ppma-mae-0badca-a1 was created 2 times"], LifeJudge.Violations(log, Operator, stages: 3));
    }

    [Fact]
    public void Violations_OfTasksFrozenTwice_NameThem()
    {
        AuditEntry[] log = [.. GoodLife, Entry("create", "configmaps", "ppma-tasks-0badca")];

        Assert.Equal(["configmaps/ppma-tasks-0badca was created 2 times"], LifeJudge.Violations(log, Operator, stages: 3));
    }

    [Fact]
    public void Violations_OfASecondAttemptWithoutNeed_NameTheStage()
    {
        AuditEntry[] log = [.. GoodLife, Entry("create", "jobs", "ppma-align-facade-a2")];

        Assert.Equal(
            ["ppma-align-facade had attempts 1, 2, though the first did not fail", "Job ppma-align-facade-a2 is no first attempt"],
            LifeJudge.Violations(log, Operator, stages: 3));
    }

    [Fact]
    public void Violations_OfAStageThatWasLeftOut_CountStages()
    {
        Assert.Equal(["2 stages got a Job, and there are 3"], LifeJudge.Violations(GoodLife[..^3], Operator, stages: 3));
    }

    [Fact]
    public void Violations_OfAJobThatWasDeletedAndMadeAgain_NameBoth()
    {
        AuditEntry[] log = [.. GoodLife, Entry("delete", "jobs", "ppma-align-facade-a1"), Entry("create", "jobs", "ppma-align-facade-a1")];

        Assert.Equal(
            ["jobs/ppma-align-facade-a1 was created 2 times", "jobs/ppma-align-facade-a1 was deleted"],
            LifeJudge.Violations(log, Operator, stages: 3));
    }

    private static AuditEntry Entry(string verb, string resource, string name) => new(
        verb, Operator, "", "", resource, "", "life", name, verb == "create" ? 201 : 200, $"/{resource}", DateTimeOffset.UnixEpoch);
}
