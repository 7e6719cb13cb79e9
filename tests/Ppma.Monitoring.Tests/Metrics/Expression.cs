using System.Text.RegularExpressions;

namespace Ppma.Monitoring.Tests.Metrics;

/// <summary>What a PromQL expression asks for, as far as it is ours.</summary>
internal static partial class Expression
{
    private static readonly HashSet<string> Series =
        [.. Catalog.Operator.Concat(Catalog.Worker).SelectMany(metric => metric.Series)];

    /// <summary>Series that it names and that neither a program has nor a rule records.</summary>
    /// <param name="expression">PromQL.</param>
    /// <param name="recorded">Names that rules record.</param>
    public static IEnumerable<string> Unknown(string expression, IReadOnlyCollection<string> recorded) =>
        from Match match in Name().Matches(Quoted().Replace(expression, "\"\""))
        let name = match.Value
        where name.Contains(':', StringComparison.Ordinal) ? !recorded.Contains(name) : !Series.Contains(name)
        select name;

    [GeneratedRegex("\"[^\"]*\"")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"\b[a-z]+:[a-z0-9_:]+|(?<![:\w$])(ppma|controller_runtime|workqueue|rest_client|leader_election|reflector|event_recorder|process|dotnet)_[a-z0-9_]+")]
    private static partial Regex Name();
}
