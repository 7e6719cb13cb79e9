using System.Text.RegularExpressions;
using CsCheck;
using Ppma.Api;
using Ppma.Api.Tasks;
using Ppma.Operator.Pods;

namespace Ppma.Operator.Tests.Pods;

public sealed class NamesTests
{
    private static readonly RunIdentity Run = new("PretrainRun", "research", "ppma-paper", "7c1bb1f2-3ef0-4f7c-a1d3-111111111111");

    // Runs that were started under a name find their Jobs by it: another release must not compute another one.
    [Fact]
    public void Job_OfAKnownRun_IsWhatItAlwaysWas() =>
        Assert.Equal("ppma-paper-mae-7eab46-a3", Names.Job(Run, "mae", 3));

    [Fact]
    public void Tasks_OfAKnownRun_IsWhatItAlwaysWas() =>
        Assert.Equal("ppma-paper-tasks-5ce5ab", Names.Tasks(Run));

    [Fact]
    public void Job_OfAnyRunNameAndStage_IsADnsNameOfAtMost63Characters() => Gen.Select(RunName, StageName, Gen.Int[1, Names.MostAttempts]).Sample((name, stage, attempt) =>
    {
        string job = Names.Job(Run with { Name = name }, stage, attempt);
        Assert.True(job.Length <= 63, job);
        Assert.Matches(NameRules.Subdomain, job);
        Assert.Matches(NameRules.Subdomain, Names.Tasks(Run with { Name = name }));
    });

    [Fact]
    public void Job_OfNamesThatAreCutAlike_StaysApartByUid()
    {
        var first = Run with { Name = new string('a', 40) };
        var second = first with { Name = new string('a', 52), Uid = "7c1bb1f2-3ef0-4f7c-a1d3-222222222222" };

        Assert.NotEqual(Names.Job(first, "mae", 1), Names.Job(second, "mae", 1));
    }

    [Fact]
    public void Job_OfAnotherKindStageOrAttempt_HasAnotherName()
    {
        string[] names =
        [
            Names.Job(Run, "mae", 1), Names.Job(Run, "mae", 2), Names.Job(Run, "align", 1), Names.Job(Run with { Kind = "EvalRun" }, "mae", 1),
            Names.Job(Run with { Uid = "7c1bb1f2-3ef0-4f7c-a1d3-222222222222" }, "mae", 1),
        ];

        Assert.Equal(names.Length, names.Distinct(StringComparer.Ordinal).Count());
    }

    [Theory]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-bbb")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.bbb")]
    public void Job_OfANameCutAtAMark_DropsTheMark(string name) =>
        Assert.Matches("^a{35}-mae-[0-9a-f]{6}-a1$", Names.Job(Run with { Name = name }, "mae", 1));

    [Theory]
    [InlineData(0)]
    [InlineData(Names.MostAttempts + 1)]
    public void Job_OfAnAttemptThatDoesNotFit_IsRefused(int attempt) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Names.Job(Run, "mae", attempt));

    [Fact]
    public void Owner_OfARun_ControlsAndBlocks()
    {
        var owner = Labels.Owner(Run);

        Assert.Equal(("ppma.cloud/v1alpha1", "PretrainRun", Run.Name, Run.Uid), (owner.ApiVersion, owner.Kind, owner.Name, owner.Uid));
        Assert.True(owner is { Controller: true, BlockOwnerDeletion: true });
    }

    private static readonly Gen<string> StageName = Gen.Char["abz09"].Array[1, 12].Select(letters => new string(letters));

    private static readonly Gen<string> RunName =
        Gen.Char["ab9-."].Array[1, 52].Select(letters => new string(letters)).Where(name => Regex.IsMatch(name, NameRules.Subdomain));
}
