using System.Text.RegularExpressions;
using Ppma.Api.Conditions;
using Ppma.Monitoring.Tests.Metrics;

namespace Ppma.Monitoring.Tests.Alerts;

/// <summary>Rules ask for what there is, and every alert helps whom it wakes.</summary>
public sealed partial class RulesTests
{
    private const string Runbooks = "docs/how-to/alerts.md";

    public static TheoryData<string> Names => [.. Rules.Alerts.Select(alert => alert.Alert)];

    public static TheoryData<string> Tests => [.. TestFiles().Select(path => new FileInfo(path).Name)];

    [Fact]
    public Task Rules_AsPrometheusReadsThem_AreSound() => Promtool.RunAsync("check", "rules", Repository.PathOf(Rules.File));

    [Theory]
    [MemberData(nameof(Tests))]
    public Task Rules_OverTime_FireWhenTheyShould(string file) => Promtool.RunAsync("test", "rules", Repository.PathOf($"tests/prometheus/{file}"));

    [Fact]
    public void Rule_OfAnyKind_NamesOnlySeriesThatThereAre()
    {
        var unknown = Rules.All.SelectMany(rule => Expression.Unknown(rule.Expr, Rules.Recorded).Select(name => $"{rule.Alert}{rule.Record}: {name}"));

        Assert.Empty(unknown);
    }

    [Fact]
    public void Rule_ThatAsksForReasons_NamesOnlyThoseOfTheClosedList()
    {
        var unknown =
            from rule in Rules.All
            from Match reasons in Reasons().Matches(rule.Expr)
            from reason in reasons.Groups["reasons"].Value.Split('|')
            where !Enum.TryParse<Reason>(reason, out _)
            select $"{rule.Alert}: {reason}";

        Assert.Empty(unknown);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Alert_OfThatName_SaysHowBadItIsAndWhatToDo(string name)
    {
        Rules.Rule alert = Rules.Alerts.Single(alert => alert.Alert == name);

        Assert.Contains(alert.Labels["severity"], (string[])["critical", "warning", "info"]);
        Assert.InRange(alert.Annotations["summary"].Length, 10, 140);
        Assert.InRange(alert.Annotations["description"].Length, 60, 400);
        Assert.Equal($"{Runbooks}#{name.ToLowerInvariant()}", alert.Annotations["runbook_url"]);
        Assert.Contains($"\n### {name}\n- **Means** ", Repository.Read(Runbooks), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Alert_OfThatName_IsTestedBothWaysWithTheLabelsThatItsWordsUse(string name)
    {
        string tests = string.Concat(TestFiles().Select(File.ReadAllText));
        string asked = $"ALERTS{{alertname=\"{name}\", alertstate=\"firing\"";
        Rules.Rule alert = Rules.Alerts.Single(alert => alert.Alert == name);
        var used = alert.Annotations.Values.SelectMany(text => Label().Matches(text)).Select(match => match.Groups["label"].Value).Distinct();

        Assert.Contains($"{{expr: '{asked}}}', eval_time: ", tests, StringComparison.Ordinal);
        Match fired = Regex.Match(tests, $@"labels: '{Regex.Escape(asked)}, severity=""{alert.Labels["severity"]}""(?<labels>[^}}]*)}}', value: 1}}");
        Assert.True(fired.Success, $"No test of tests/prometheus expects {name} to fire.");
        Assert.All(used, label => Assert.Contains($" {label}=\"", fired.Groups["labels"].Value, StringComparison.Ordinal));
    }

    [Fact]
    public void Runbook_OfAnyAlert_BelongsToOne() =>
        Assert.Equal(Rules.Alerts.Select(alert => alert.Alert).Order(), Heading().Matches(Repository.Read(Runbooks)).Select(match => match.Groups["alert"].Value).Order());

    private static IEnumerable<string> TestFiles() => Directory.EnumerateFiles(Repository.PathOf("tests/prometheus"), "*.yaml").Order(StringComparer.Ordinal);

    [GeneratedRegex(@"reason=~?""(?<reasons>[A-Z][A-Za-z|]+)""")]
    private static partial Regex Reasons();

    [GeneratedRegex(@"\$labels\.(?<label>\w+)")]
    private static partial Regex Label();

    [GeneratedRegex(@"^### (?<alert>\w+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();
}
