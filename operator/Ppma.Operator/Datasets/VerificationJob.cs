using System.Globalization;
using k8s.Models;
using Ppma.Api.Datasets;
using Ppma.Operator.Pods;

namespace Ppma.Operator.Datasets;

/// <summary>The Job of a verification. It says itself what it was made for, so that who finds it needs no other record.</summary>
internal static class VerificationJob
{
    /// <param name="dataset">As its spec stands.</param>
    /// <param name="attempt">From 1.</param>
    /// <param name="image">Worker image.</param>
    /// <param name="settings">What every pod gets.</param>
    public static JobPlan Plan(VideoDataset dataset, int attempt, string image, PodSettings settings)
    {
        var spec = dataset.Spec;
        var verification = spec.Verification ?? new VerificationSettings();
        var plan = JobBuilder.Build(
            new JobRequest
            {
                Run = VerificationTask.Identity(dataset),
                Stage = VerificationTask.Stage,
                Attempt = attempt,
                Task = VerificationTask.Of(dataset),
                TaskMap = VerificationTask.MapName(dataset, dataset.Metadata.Generation ?? 0),
                Image = image,
                Compute = settings.Verification with
                {
                    ServiceAccountName = verification.ServiceAccountName ?? settings.Verification.ServiceAccountName,
                    PullSecrets = [.. settings.Verification.PullSecrets, .. verification.PullSecrets],
                },
                Claims = [.. DatasetVolumes.Of(dataset)],
            },
            settings);
        var annotations = plan.Job.Metadata.Annotations;
        annotations[Labels.Generation] = (dataset.Metadata.Generation ?? 0).ToString(CultureInfo.InvariantCulture);
        if (Request(dataset) is { } request)
        {
            annotations[Labels.RequestedAt] = request;
        }

        return plan;
    }

    public static string Name(VideoDataset dataset, int attempt) => Names.Job(VerificationTask.Identity(dataset), VerificationTask.Stage, attempt);

    /// <summary>The generation that a Job verifies; null for a Job that is none of ours.</summary>
    public static long? Generation(V1Job job) =>
        job.Metadata.Annotations?.TryGetValue(Labels.Generation, out var text) == true
        && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var generation) ? generation : null;

    /// <summary>The request that a Job answers; null when it was made for another reason.</summary>
    public static string? Request(V1Job job) => job.Metadata.Annotations?.TryGetValue(Labels.RequestedAt, out var request) == true ? request : null;

    /// <summary>The verification that somebody asks for, by any text in the annotation; null for none.</summary>
    public static string? Request(VideoDataset dataset) =>
        dataset.Metadata.Annotations?.TryGetValue(Labels.RequestedAt, out var request) == true && request.Length > 0
            ? request[..Math.Min(request.Length, LongestRequest)]
            : null;

    // As much of it as the status keeps.
    private const int LongestRequest = 253;
}
