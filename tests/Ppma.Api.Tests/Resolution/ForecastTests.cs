using Ppma.Api.Manifests;
using Ppma.Api.Resolution;

namespace Ppma.Api.Tests.Resolution;

public sealed class ForecastTests
{
    private static readonly ResourceKey Context = new("default", "context");

    [Fact]
    public void Of_DataThatWasRead_WinsOverWhatIsExpected()
    {
        var forecast = Forecast.Of(Expecting("{samples: {train: 640}, classes: 2}"), Quickstart.Settings, Quickstart.Facts.Datasets);

        Assert.Equal(3000, forecast.Datasets[Context].Samples["train"]);
        Assert.Contains("expected.samples.train: 640, and its index has 3000", Problems(forecast, "ppma")[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_DataThatWasNotRead_IsWhatIsExpected()
    {
        var forecast = Forecast.Of(Expecting("{samples: {train: 640}, classes: 2}"), Quickstart.Settings, Read("synthetic", "actions"));

        Assert.All(forecast.Runs, run => Assert.Empty(run.Resolution.Problems));
        Assert.Equal((640L, 2, false), (forecast.Datasets[Context].Samples["train"], forecast.Datasets[Context].Classes.Count, forecast.Datasets[Context].ClassNamesKnown));
    }

    [Fact]
    public void Of_NeitherReadNorExpected_IsAProblemOfTheRunsThatNeedIt()
    {
        var forecast = Forecast.Of(Quickstart.Read(), Quickstart.Settings, Read("synthetic", "actions"));

        Assert.Contains("\"context\" is not verified yet", Problems(forecast, "ppma")[0].Message, StringComparison.Ordinal);
        Assert.Empty(Problems(forecast, "supervised"));
    }

    /// <summary>Class names are not known before the data is read, so nothing is said about them.</summary>
    [Fact]
    public void Of_ValidationSetThatWasNotRead_IsNotHeldAgainstClassNames()
    {
        var set = Expecting("{samples: {train: 640, validation: 64}, classes: 2}", text => text.Replace(
            "- name: synthetic\n---", "- name: synthetic\n    validation: {dataset: {name: context}}\n---", StringComparison.Ordinal));

        Assert.Empty(Problems(Forecast.Of(set, Quickstart.Settings, Read("synthetic", "actions")), "supervised"));
    }

    [Fact]
    public void Resolve_ValidationSetOfOtherClasses_NamesTheClass()
    {
        var facts = Quickstart.Facts;
        var other = facts with
        {
            Datasets = new Dictionary<ResourceKey, DatasetFacts>(facts.Datasets) { [Context] = facts.Datasets[Context] with { Classes = ["0", "juggling"] } },
        };

        var problem = Assert.Single(Quickstart.Resolve("supervised", other, text => text.Replace(
            "- name: synthetic\n---", "- name: synthetic\n    validation: {dataset: {name: context}, split: train}\n---", StringComparison.Ordinal)).Problems);

        Assert.Contains("has the class \"juggling\", for which this stage learns no output", problem.Message, StringComparison.Ordinal);
    }

    private static ManifestSet Expecting(string expected, Func<string, string>? edit = null) => Quickstart.Read(text =>
        (edit is null ? text : edit(text)).Replace("uri: file:context", $"uri: file:context\n  expected: {expected}", StringComparison.Ordinal));

    private static Dictionary<ResourceKey, DatasetFacts> Read(params string[] names) =>
        names.ToDictionary(name => new ResourceKey("default", name), name => Quickstart.Facts.Datasets[new("default", name)]);

    private static IReadOnlyList<ManifestProblem> Problems(Forecast forecast, string run) =>
        forecast.Runs.Single(forecast => forecast.Run.Name == run).Resolution.Problems;
}
