using System.Text.RegularExpressions;
using Ppma.Cli.Reporting;

namespace Ppma.Cli.Tests.Reporting;

public sealed partial class HtmlReportTests
{
    [Fact]
    public void Render_OfASample_HasATableRowAndABarForEachRecipe()
    {
        var report = SampleReport.Create();
        string html = HtmlReport.Render(report, SampleReport.Images);

        Assert.Equal(report.Rows.Count, Count(html, "<svg class=\"bar"));
        Assert.Contains("<th scope=\"row\">PPMA</th><td>LP (frozen)</td><td>50.0 ± 1.2</td><td>+25.0</td><td>80.0</td><td>3</td>", html, StringComparison.Ordinal);
        Assert.Equal(report.Rows.Sum(row => row.Trials.Count), Count(html, "<circle "));
    }

    [Fact]
    public void Render_OfASample_ShowsTheMaeLossBesideTheLossOfTheMean()
    {
        string html = HtmlReport.Render(SampleReport.Create(), SampleReport.Images);

        Assert.Contains("1.0: predicting every patch", html, StringComparison.Ordinal);
        Assert.Equal(1, Count(html, "<line class=\"reference\""));
        Assert.Equal(3, Count(html, "<polyline "));
    }

    [Fact]
    public void Render_OfASample_AsksForNoOtherFile()
    {
        string html = HtmlReport.Render(SampleReport.Create(), SampleReport.Images);

        Assert.All(Source().Matches(html), match => Assert.StartsWith("data:", match.Groups["target"].Value, StringComparison.Ordinal));
        Assert.DoesNotContain("url(", html, StringComparison.Ordinal);
        Assert.DoesNotContain("@import", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", html, StringComparison.Ordinal);
        Assert.Contains("default-src 'none'", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, "")]
    [InlineData(1, "1")]
    [InlineData(3, "1 2 3")]
    [InlineData(10, "2 5 7 10")]
    public void Shown_OfManyPictures_AreFourWithTheLast(int pictures, string shown)
    {
        var stage = SampleReport.Create().Training[0] with { Reconstructions = [.. Enumerable.Range(1, pictures).Select(i => $"{i}")] };

        Assert.Equal(shown, string.Join(' ', ReconstructionFigures.Shown(stage)));
    }

    [Fact]
    public void Render_OfHostileNames_EscapesThemEverywhere()
    {
        const string Hostile = "<img src=x onerror=alert(1)>\"'&";
        var sample = SampleReport.Create();
        var report = sample with
        {
            Title = Hostile,
            Rows = [SampleReport.Row(Hostile, 0.5, 0.1, 0.5) with { Dataset = Hostile }],
            Training = [sample.Training[0] with { Run = Hostile, Stage = Hostile }],
            Datasets = [new DatasetReport(Hostile, Ppma.Api.Humans.None, Hostile)],
            Problems = [new RunProblem(Hostile, Hostile, 1, Hostile)],
            Environment = new Dictionary<string, string> { [Hostile] = Hostile },
            Records = [Hostile],
        };

        Assert.DoesNotContain("<img src=x", HtmlReport.Render(report, SampleReport.Images), StringComparison.Ordinal);
    }

    [Fact]
    public void Render_OfAnEmptyReport_StillIsAPage()
    {
        var report = SampleReport.Create() with { Rows = [], Training = [], Datasets = [], Records = [] };

        string html = HtmlReport.Render(report, SampleReport.Images);

        Assert.Contains("<h1>No trial ended with a result</h1>", html, StringComparison.Ordinal);
        Assert.EndsWith("</html>\n", html, StringComparison.Ordinal);
    }

    private static int Count(string text, string part) => Regex.Count(text, Regex.Escape(part));

    [GeneratedRegex("(?:src|<link[^>]*href)=\"(?<target>[^\"]*)\"")]
    private static partial Regex Source();
}
