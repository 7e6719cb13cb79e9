using System.Globalization;
using System.Net;
using k8s.Models;
using Ppma.Api.Evaluation;
using Ppma.Api.Pretraining;
using Ppma.Controllers;
using Ppma.Operator.Pods;

namespace Ppma.Operator.Progress;

/// <summary>A worker that can be asked.</summary>
/// <param name="Attempt">What it computes.</param>
/// <param name="Kind">Kind of the run.</param>
/// <param name="Run">The run.</param>
/// <param name="Uri">Where it answers: the pod's own address, never a name that somebody else resolves.</param>
internal sealed record ProgressTarget(AttemptKey Attempt, string Kind, ObjectKey Run, Uri Uri)
{
    /// <summary>Name of the container port at which workers answer.</summary>
    public const string PortName = "metrics";

    /// <returns>Null for a pod that does not run, has no address, or is not a run's.</returns>
    public static ProgressTarget? Of(V1Pod pod)
    {
        if (pod.Status is not { Phase: "Running", PodIP: { } text }
            || !IPAddress.TryParse(text, out var address) || !MayBeAsked(address)
            || pod.Spec?.Containers?.SelectMany(container => container.Ports ?? []).FirstOrDefault(port => port.Name == PortName) is not { } port
            || pod.Metadata.Labels is not { } labels
            || pod.Metadata.Annotations?.TryGetValue(Labels.Name, out var name) != true
            || !labels.TryGetValue(Labels.Kind, out var kind) || kind is not (PretrainRun.KindName or EvalRun.KindName)
            || !labels.TryGetValue(Labels.Uid, out var uid)
            || !labels.TryGetValue(Labels.Stage, out var stage)
            || !labels.TryGetValue(Labels.Attempt, out var number)
            || !int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var attempt))
        {
            return null;
        }

        var uri = new UriBuilder(Uri.UriSchemeHttp, address.ToString(), port.ContainerPort, "/progress").Uri;
        return new(new(uid, stage, attempt), kind, new(pod.Metadata.NamespaceProperty ?? "", name!), uri);
    }

    // Cloud metadata services answer at link-local addresses, and no pod has one of these.
    private static bool MayBeAsked(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        var bytes = plain.GetAddressBytes();
        var linkLocal = plain.IsIPv6LinkLocal || bytes is [169, 254, _, _];
        var multicast = plain.IsIPv6Multicast || bytes is [>= 224, _, _, _];
        return !linkLocal && !multicast && !plain.Equals(IPAddress.Any) && !plain.Equals(IPAddress.IPv6Any);
    }
}
