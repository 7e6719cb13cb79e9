using k8s.Models;

namespace Ppma.Api.Schemas;

/// <summary>What <c>kubectl get</c> shows; with priority 1, only with <c>-o wide</c>.</summary>
internal static class PrinterColumns
{
    public static IList<V1CustomResourceColumnDefinition> OfPretrainRuns { get; } = [.. Run(), .. RunDetails(), Age];

    public static IList<V1CustomResourceColumnDefinition> OfEvalRuns { get; } =
    [
        .. Run(),
        Column("Top1", "number", ".status.result.top1", "Share of the test clips whose class came first."),
        .. RunDetails(),
        Age,
    ];

    public static IList<V1CustomResourceColumnDefinition> OfVideoDatasets { get; } =
    [
        .. State(),
        Column("Humans", "string", ".spec.humans", "Who is in the footage."),
        Column("Samples", "integer", ".status.samples", "Clips in all splits."),
        Column("Classes", "integer", ".status.classes", "Number of classes.", wide: true),
        Column("Digest", "string", ".status.digest", "SHA-256 of the index.", wide: true),
        Column("Verified", "date", ".status.lastVerifiedTime", "Since the last verification.", wide: true),
        Age,
    ];

    private static V1CustomResourceColumnDefinition Age => Column("Age", "date", ".metadata.creationTimestamp", "Since it was created.");

    private static V1CustomResourceColumnDefinition[] State() =>
    [
        Column("Ready", "string", ".status.conditions[?(@.type==\"Ready\")].status", "True when all is well, False when it is not, Unknown while it is not decided."),
        Column("Reason", "string", ".status.conditions[?(@.type==\"Ready\")].reason", "Why."),
    ];

    private static V1CustomResourceColumnDefinition[] Run() =>
    [
        .. State(),
        Column("Stage", "string", ".status.summary.stage", "The current stage, or the last."),
        Column("Progress", "string", ".status.summary.progress", "How far that stage is."),
        Column("ETA", "string", ".status.summary.eta", "When that stage will end at its present rate (UTC)."),
        Column("Restarts", "integer", ".status.summary.restarts", "Restarts of the run, whoever is to blame."),
    ];

    private static V1CustomResourceColumnDefinition[] RunDetails() =>
    [
        Column("Attempt", "integer", ".status.summary.attempt", "The stage's current or last attempt.", wide: true),
        Column("Loss", "number", ".status.summary.loss", "The stage's loss.", wide: true),
        Column("GPU seconds", "number", ".status.usage.gpuSeconds", "GPUs times the seconds that workers held them.", wide: true),
        Column("Wasted", "number", ".status.usage.wastedGpuSeconds", "GPU seconds computed but lost.", wide: true),
    ];

    private static V1CustomResourceColumnDefinition Column(string name, string type, string path, string description, bool wide = false) => new()
    {
        Name = name,
        Type = type,
        JsonPath = path,
        Description = description,
        Priority = wide ? 1 : null,
    };
}
