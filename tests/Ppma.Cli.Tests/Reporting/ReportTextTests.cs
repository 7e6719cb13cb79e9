using Ppma.Cli.Reporting;

namespace Ppma.Cli.Tests.Reporting;

public sealed class ReportTextTests
{
    [Fact]
    public void Headline_WithPretrainedRows_NamesTheBestAndItsDistanceFromRandom()
    {
        Assert.Equal(
            "MAE → synthetic reaches 60.0\u00a0% top-1 on actions, 35.0 points above random initialisation",
            ReportText.Headline(SampleReport.Create()));
    }

    [Fact]
    public void Headline_WhenTheBestIsWorseThanRandom_SaysBelow()
    {
        var report = SampleReport.Create() with { Rows = [SampleReport.Row("PPMA", 0.2, -0.05, 0.2)] };

        Assert.EndsWith("5.0 points below random initialisation", ReportText.Headline(report), StringComparison.Ordinal);
    }

    [Fact]
    public void Headline_WhenSeedsDifferMoreThanRecipes_SaysSo()
    {
        var report = SampleReport.Create() with { Rows = [SampleReport.Row("PPMA", 0.26, 0.01, 0.26), SampleReport.Row("random", 0.25, null, 0.25) with { IsRandom = true }] };

        Assert.EndsWith("1.0 points above random initialisation, within the spread of seeds", ReportText.Headline(report), StringComparison.Ordinal);
    }

    [Fact]
    public void Headline_WithoutRows_ClaimsNothing()
    {
        Assert.Equal("No trial ended with a result", ReportText.Headline(SampleReport.Create() with { Rows = [] }));
    }

    [Fact]
    public void Caption_WithKnownClasses_NamesChanceClipsAndSpread()
    {
        var report = SampleReport.Create();

        Assert.Equal(
            "Linear probe on actions, top-1 in percent; mean ± standard deviation over n probe seeds; 1,000 test clips; chance is 12.5\u00a0%.",
            ReportText.Caption(report, report.Rows));
    }

    [Fact]
    public void Chance_OfADatasetWithoutClassCount_IsUnknown()
    {
        Assert.Null(ReportText.Chance(SampleReport.Create(), "context"));
    }

    [Theory]
    [InlineData(0.42, "0.4\u00a0s")]
    [InlineData(59.6, "1\u00a0min 0\u00a0s")]
    [InlineData(252, "4\u00a0min 12\u00a0s")]
    [InlineData(7500, "2\u00a0h 5\u00a0min")]
    public void Duration_OfSeconds_UsesTheLargestUnits(double seconds, string text)
    {
        Assert.Equal(text, ReportNumbers.Duration(seconds));
    }

    [Theory]
    [InlineData(0.582, "+58.2")]
    [InlineData(-0.03, "−3.0")]
    [InlineData(0, "0.0")]
    public void SignedPoints_OfADifference_CarryARealSign(double difference, string text)
    {
        Assert.Equal(text, ReportNumbers.SignedPoints(difference));
    }
}
