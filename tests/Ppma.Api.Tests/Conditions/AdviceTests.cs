using Ppma.Api.Conditions;
using Ppma.Api.Conditions.Troubleshooting;
using Ppma.Api.Schemas;

namespace Ppma.Api.Tests.Conditions;

/// <summary>Whoever meets a reason finds advice on it that can be followed.</summary>
public sealed class AdviceTests
{
    private static readonly string Page = GeneratedFiles.All()[TroubleshootingPage.File];

    public static TheoryData<Reason> Reasons => [.. Enum.GetValues<Reason>()];

    public static TheoryData<int> Codes => [.. TroubleshootingPage.Codes];

    [Theory]
    [MemberData(nameof(Reasons))]
    public void Reason_AnyOfThem_IsOnThePageWithWhatToDo(Reason reason)
    {
        var advice = AdviceBook.On(reason);

        if (advice.Outlook == Outlook.Fine)
        {
            Assert.Contains($"\n| `{reason}` | ", Page, StringComparison.Ordinal);
        }
        else
        {
            Assert.Contains($"\n### `{reason}`\n", Page, StringComparison.Ordinal);
            Assert.NotEmpty(advice.Causes);
            Assert.NotEmpty(advice.Look);
            Assert.NotEmpty(advice.Fixes);
        }
    }

    [Theory]
    [MemberData(nameof(Codes))]
    public void ExitCode_AnyThatHasAName_IsOnThePage(int code) => Assert.Contains($"\n| {code} | [`", Page, StringComparison.Ordinal);

    [Fact]
    public void ExitCodes_OfTheContract_AreThoseOnThePage() =>
        Assert.Equal([0, 1, 40, 41, 42, 43, 44, 64, 65, 66, 67, 68], TroubleshootingPage.Codes);
}
