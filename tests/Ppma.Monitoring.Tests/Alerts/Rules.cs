using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace Ppma.Monitoring.Tests.Alerts;

/// <summary>The shipped rule file.</summary>
internal sealed record Rules
{
    public const string File = "charts/ppma-cloud/files/rules/ppma.yaml";

    private static readonly IDeserializer Yaml =
        new DeserializerBuilder().WithNamingConvention(UnderscoredNamingConvention.Instance).IgnoreUnmatchedProperties().Build();

    public static IReadOnlyList<Rule> All { get; } = [.. Yaml.Deserialize<Rules>(Repository.Read(File)).Groups.SelectMany(group => group.Rules)];

    public static IReadOnlyList<Rule> Alerts { get; } = [.. All.Where(rule => rule.Alert.Length > 0)];

    public static IReadOnlyCollection<string> Recorded { get; } = [.. All.Select(rule => rule.Record).Where(name => name.Length > 0)];

    public List<Group> Groups { get; init; } = [];

    internal sealed record Group
    {
        public List<Rule> Rules { get; init; } = [];
    }

    internal sealed record Rule
    {
        public string Alert { get; init; } = "";

        public string Record { get; init; } = "";

        public string Expr { get; init; } = "";

        public Dictionary<string, string> Labels { get; init; } = [];

        public Dictionary<string, string> Annotations { get; init; } = [];
    }
}
