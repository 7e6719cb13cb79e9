using Ppma.Api.Conditions;
using Ppma.Api.Conditions.Troubleshooting;
using Ppma.Operator.Attempts;

namespace Ppma.Operator.Tests.Attempts;

/// <summary>The page that people read of an end says what the operator makes of it.</summary>
public sealed class AdviceOnEndsTests
{
    private const int LastCode = 255;

    public static TheoryData<string> Causes => [.. Enum.GetNames<EndCause>()];

    [Theory]
    [MemberData(nameof(Causes))]
    public void Advice_OnAnyExitCode_SaysWhoPays(string cause)
    {
        Assert.All(Enumerable.Range(1, LastCode), code =>
        {
            var end = new AttemptEnd { Cause = Enum.Parse<EndCause>(cause), ExitCode = code };
            var paid = ExitClasses.Of(end, askedToStop: false);
            if (code is >= 69 and <= 127)
            {
                Assert.Equal(ExitClass.Final, paid); // The page says so in words: no reason names these codes.
                Assert.DoesNotContain(code, TroubleshootingPage.Codes);
                return;
            }

            Assert.Equal(paid, Class(AdviceBook.On(end.Reason), end.Reason));
        });
    }

    private static ExitClass Class(Advice advice, Reason reason) => advice.Outlook switch
    {
        Outlook.ApplicationPays => ExitClass.Application,
        Outlook.InfrastructurePays => ExitClass.Infrastructure,
        Outlook.NobodyPays => ExitClass.Uncounted,
        Outlook.Over => ExitClass.Final,
        Outlook.UntilDeadline when reason == Reason.ContainerNotStarted => ExitClass.Application,
        _ => throw new ArgumentOutOfRangeException(nameof(advice), advice, $"No attempt ends with {reason}."),
    };
}
