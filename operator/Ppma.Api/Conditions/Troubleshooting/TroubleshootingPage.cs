using System.Reflection;
using System.Text;
using Ppma.Api.Schemas;
using Ppma.Api.Tasks;

namespace Ppma.Api.Conditions.Troubleshooting;

/// <summary>The page for the person at 3 a.m.: every reason and every exit code, what it means and what to do.</summary>
internal static class TroubleshootingPage
{
    /// <summary>Where it lies, from the repository's root.</summary>
    public const string File = "docs/how-to/troubleshoot.md";

    private const string Head = """
        <!-- Made from operator/Ppma.Api/Conditions by "make crds"; change the advice there. -->
        # Troubleshoot by reason

        Everything that goes wrong has a reason: one word in the column REASON, in a condition, in an event, or in `status.restarts.last.cause`. Find it below.
        The message beside it names the object, the field, the cause and the fix. What an alert asks for: [alerts](alerts.md).

        ## First look
        ```bash
        kubectl get ppma                                       # all data sets, runs and trials here
        kubectl describe pretrainrun my-run                    # its conditions, stages and events
        ```
        The commands below use these:
        ```bash
        KIND=pretrainrun NAME=my-run                           # or evalrun, videodataset
        ID=$(kubectl get $KIND $NAME -o jsonpath='{.metadata.uid}')
        kubectl get jobs,pods -l ppma.cloud/uid=$ID            # an attempt each; they stay for spec.ttlSecondsAfterFinished
        POD=$(kubectl get pods -l ppma.cloud/uid=$ID --sort-by=.metadata.creationTimestamp -o name | tail -n 1)
        kubectl logs $POD --tail 30
        ```
        `Ready` is `Unknown` while a run is not over, `True` when it succeeded, `False` when it never will. `Stalled` is there, and `True`, when nothing more
        happens without a person.


        """;

    private const string CodeRanges = """
        | 137, 143 | [`Killed`](#killed) | `spec.restart.infrastructure` pays; 137 over the memory limit is [`OutOfMemory`](#outofmemory) |
        | 1–39, 45–63, 128 and above, without a name | [`Failed`](#failed) | `spec.restart.application` pays |
        | 69–127 | [`Failed`](#failed) | final |

        After the operator itself asked a worker to stop, 42, 137 and 143 count for nobody.

        """;

    public static string Text(Descriptions descriptions)
    {
        var page = new StringBuilder(Head);
        foreach (var section in AdviceBook.Sections)
        {
            page.Append($"## {section.Title}\n{section.About}\n\n").AppendJoin('\n', section.Entries.Select(advice => Entry(advice, descriptions))).Append('\n');
        }

        return page.Append(ExitCodeTable()).Append(FineTable(descriptions)).ToString();
    }

    /// <summary>The anchor of a reason: its own heading, or the table of what needs nobody.</summary>
    public static string Anchor(Reason reason) =>
        AdviceBook.On(reason).Outlook == Outlook.Fine ? "nothing-to-do" : reason.ToString().ToLowerInvariant();

    /// <summary>Every exit code that has a name.</summary>
    public static IReadOnlyList<int> Codes { get; } =
        [.. typeof(ExitCodes).GetFields(BindingFlags.Public | BindingFlags.Static).Where(field => field.IsLiteral).Select(field => (int)field.GetRawConstantValue()!).Order()];

    private static string Entry(Advice advice, Descriptions descriptions) =>
        $"""
        ### `{advice.Reason}`
        {descriptions.Of(advice.Reason)} **{descriptions.Of(advice.Outlook)}**

        {Points("Why", advice.Causes)}
        ```bash
        {string.Join('\n', advice.Look)}
        ```
        {Points("Do", advice.Fixes)}

        """;

    private static string Points(string title, IReadOnlyList<string> points) =>
        points.Count == 1 ? $"{title}: {points[0]}" : $"{title}:\n{string.Join('\n', points.Select(point => $"- {point}"))}";

    private static string ExitCodeTable() =>
        $"## By exit code\n| exit code of the worker | reason | then |\n|---|---|---|\n{string.Concat(Codes.Select(Row))}{CodeRanges}";

    private static string Row(int code)
    {
        var reason = code == ExitCodes.Done ? Reason.Completed : Enum.Parse<Reason>(ExitCodes.Reason(code));
        return $"| {code} | [`{reason}`](#{Anchor(reason)}) | {Then(AdviceBook.On(reason).Outlook)} |\n";
    }

    private static string Then(Outlook outlook) => outlook switch
    {
        Outlook.Fine => "done",
        Outlook.ApplicationPays => "`spec.restart.application` pays",
        Outlook.InfrastructurePays => "`spec.restart.infrastructure` pays",
        Outlook.NobodyPays => "no budget pays",
        Outlook.Over => "final",
        _ => throw new ArgumentOutOfRangeException(nameof(outlook), outlook, "No attempt ends so."),
    };

    private static string FineTable(Descriptions descriptions) =>
        $"\n## Nothing to do\n| reason | meaning |\n|---|---|\n{string.Concat(AdviceBook.Fine.Select(reason => $"| `{reason}` | {descriptions.Of(reason)} |\n"))}";
}
