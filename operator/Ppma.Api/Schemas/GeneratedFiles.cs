using System.Text;
using System.Text.RegularExpressions;
using k8s;
using k8s.Models;
using Ppma.Api.Conditions;
using Ppma.Api.Conditions.Troubleshooting;

namespace Ppma.Api.Schemas;

/// <summary>Files of the repository that are made from the types: <c>make crds</c> writes them, a test finds stale ones.</summary>
public static partial class GeneratedFiles
{
    /// <summary>Paths from the repository's root, and what is to be in them.</summary>
    public static IReadOnlyDictionary<string, string> All()
    {
        var files = CustomResources.Definitions().ToDictionary(
            definition => $"charts/ppma-cloud/files/crds/{definition.Spec.Names.Plural}.yaml",
            definition => Yaml(definition),
            StringComparer.Ordinal);
        var descriptions = Descriptions.OfThisAssembly();
        files.Add("docs/reference/conditions.md", Conditions(descriptions));
        files.Add(TroubleshootingPage.File, TroubleshootingPage.Text(descriptions));
        return files;
    }

    // The serializer writes every bound of a number with a fraction.
    private static string Yaml(V1CustomResourceDefinition definition) =>
        $"# Made from the types of operator/Ppma.Api by \"make crds\"; change those.\n{WholeNumber.Replace(KubernetesYaml.Serialize(definition).TrimEnd(), "")}\n";

    private static string Conditions(Descriptions descriptions) => new StringBuilder()
        .Append("""
            <!-- Made from the types of operator/Ppma.Api/Conditions by "make crds"; change those. -->
            # Conditions and reasons

            What the operator says in `status.conditions` of a resource: a type, whether it holds (`True`, `False`, `Unknown`), a reason in one word, and a message
            for people. Types and reasons are closed lists: programs may rely on them. Restarts name their cause by the same reasons (`status.restarts.last.cause`).
            What is likely behind a reason and what to do: [troubleshoot](../how-to/troubleshoot.md), where each of them leads.


            """)
        .Append(Table<ConditionType>("Types", "type", type => $"`{type}`", descriptions))
        .Append('\n')
        .Append(Table<Reason>("Reasons", "reason", reason => $"[`{reason}`](../how-to/troubleshoot.md#{TroubleshootingPage.Anchor(reason)})", descriptions))
        .ToString();

    private static string Table<T>(string title, string column, Func<T, string> name, Descriptions descriptions)
        where T : struct, Enum =>
        $"## {title}\n| {column} | meaning |\n|---|---|\n{string.Concat(Enum.GetValues<T>().Select(value => $"| {name(value)} | {descriptions.Of(value)} |\n"))}";

    [GeneratedRegex(@"(?<=\n *m(in|ax)imum: -?\d+)\.0(?=\n)", RegexOptions.ExplicitCapture)]
    private static partial Regex WholeNumber { get; }
}
