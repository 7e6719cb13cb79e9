using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;

namespace Ppma.Architecture.Tests;

/// <summary>What hosted runners do is what somebody read: fixed versions, no more rights than needed, an end in any case.</summary>
public sealed partial class WorkflowTests
{
    public static TheoryData<string> Workflows =>
        [.. Repository.Files.Where(file => file.StartsWith(".github/workflows/", StringComparison.Ordinal) && Path.GetExtension(file) is ".yml" or ".yaml")];

    [Theory]
    [MemberData(nameof(Workflows))]
    public void Action_InAWorkflow_IsPinnedToACommitAndNamesItsVersion(string workflow) =>
        Findings.None(Uses(workflow).Where(use => !Pinned().IsMatch(use)).Select(use => $"{workflow}: {use.Trim()}: write ACTION@COMMIT # vVERSION"));

    [Fact]
    public void Action_InSeveralWorkflows_HasOneVersion()
    {
        var pins = Workflows.SelectMany(row => Uses(row.Data)).Select(use => Pinned().Match(use)).Where(match => match.Success)
            .Select(match => (Action: match.Groups["action"].Value, Commit: match.Groups["commit"].Value)).Distinct();

        Findings.None(pins.GroupBy(pin => pin.Action).Where(group => group.Count() > 1).Select(group => $"{group.Key}: {string.Join(", ", group.Select(pin => pin.Commit))}"));
    }

    [Theory]
    [MemberData(nameof(Workflows))]
    public void Workflow_AnyOfThem_StartsWithNoRightToWrite(string workflow)
    {
        var rights = Child(Root(workflow), "permissions") as YamlMappingNode;

        Assert.True(rights is not null, $"{workflow} has no permissions: write them before jobs, and what a job needs beyond reading in that job");
        Assert.All(rights.Children.Values, right => Assert.True(((YamlScalarNode)right).Value is "read" or "none", $"{workflow} begins with the right to {right}: give it to the job that needs it"));
    }

    [Theory]
    [MemberData(nameof(Workflows))]
    public void Job_InAWorkflow_EndsInAnyCase(string workflow)
    {
        var jobs = (YamlMappingNode)Child(Root(workflow), "jobs")!;

        Findings.None(jobs.Children
            .Where(job => Child((YamlMappingNode)job.Value, "timeout-minutes") is null && Child((YamlMappingNode)job.Value, "uses") is null)
            .Select(job => $"{workflow}: job {job.Key} has no timeout-minutes"));
    }

    [Theory]
    [InlineData("      - uses: actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8 # v5.0.0", true)]
    [InlineData("      - uses: actions/checkout@v5", false)]
    [InlineData("      - uses: actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8", false)]
    [InlineData("        uses: ./.github/workflows/images.yml", true)]
    public void Use_OfAnAction_IsPinnedByItsCommit(string line, bool pinned) => Assert.Equal(pinned, Pinned().IsMatch(line));

    private static IEnumerable<string> Uses(string workflow) => Repository.ReadLines(workflow).Where(line => Use().IsMatch(line));

    private static YamlMappingNode Root(string workflow)
    {
        var yaml = new YamlStream();
        yaml.Load(new StringReader(string.Join('\n', Repository.ReadLines(workflow))));
        return (YamlMappingNode)yaml.Documents[0].RootNode;
    }

    private static YamlNode? Child(YamlMappingNode node, string name) => node.Children.TryGetValue(new YamlScalarNode(name), out var child) ? child : null;

    [GeneratedRegex(@"^\s*(- )?uses:\s")]
    private static partial Regex Use();

    // One of this repository's own comes with the commit that is checked out.
    [GeneratedRegex(@"uses:\s+(?:\./\S+|(?<action>[\w.-]+/[\w./-]+)@(?<commit>[0-9a-f]{40}) # v\d+(\.\d+)*)\s*$")]
    private static partial Regex Pinned();
}
