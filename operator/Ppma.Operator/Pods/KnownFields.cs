using System.Text.Json.Nodes;

namespace Ppma.Operator.Pods;

/// <summary>
/// Fields that somebody has thought about: harmless ones, and those that another rule looks into. What the Kubernetes API gets later, and
/// what has no place in a run, is refused until it is named here.
/// </summary>
internal static class KnownFields
{
    private static readonly HashSet<string> OfPod =
    [
        "activeDeadlineSeconds", "affinity", "automountServiceAccountToken", "containers", "dnsConfig", "dnsPolicy", "enableServiceLinks",
        "ephemeralContainers", "hostAliases", "hostIPC", "hostNetwork", "hostPID", "hostUsers", "hostname", "imagePullSecrets", "initContainers",
        "nodeName", "nodeSelector", "os", "overhead", "preemptionPolicy", "priority", "priorityClassName", "readinessGates", "resourceClaims",
        "resources", "restartPolicy", "runtimeClassName", "schedulerName", "schedulingGates", "schedulingGroup", "securityContext",
        "serviceAccount", "serviceAccountName", "setHostnameAsFQDN", "shareProcessNamespace", "subdomain", "terminationGracePeriodSeconds",
        "tolerations", "topologySpreadConstraints", "volumes",
    ];

    private static readonly HashSet<string> OfPodSecurity =
    [
        "appArmorProfile", "fsGroup", "fsGroupChangePolicy", "runAsGroup", "runAsNonRoot", "runAsUser", "seLinuxChangePolicy", "seLinuxOptions",
        "seccompProfile", "supplementalGroups", "supplementalGroupsPolicy", "sysctls", "windowsOptions",
    ];

    private static readonly HashSet<string> OfContainer =
    [
        "args", "command", "env", "envFrom", "image", "imagePullPolicy", "lifecycle", "livenessProbe", "name", "ports", "readinessProbe",
        "resizePolicy", "resources", "restartPolicy", "restartPolicyRules", "securityContext", "startupProbe", "stdin", "stdinOnce",
        "terminationMessagePath", "terminationMessagePolicy", "tty", "volumeDevices", "volumeMounts", "workingDir",
    ];

    private static readonly HashSet<string> OfContainerSecurity =
    [
        "allowPrivilegeEscalation", "appArmorProfile", "capabilities", "privileged", "procMount", "readOnlyRootFilesystem", "runAsGroup",
        "runAsNonRoot", "runAsUser", "seLinuxOptions", "seccompProfile", "windowsOptions",
    ];

    /// <summary>Types of volumes that the restricted profile knows.</summary>
    private static readonly HashSet<string> OfVolume =
    [
        "name", "configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim", "projected", "secret",
    ];

    private static readonly HashSet<string> OfProjection =
    [
        "clusterTrustBundle", "configMap", "downwardAPI", "secret", "serviceAccountToken", "podCertificate",
    ];

    public static IEnumerable<string> Check(JsonObject template)
    {
        if (template["spec"] is not JsonObject pod)
        {
            return [];
        }

        return
        [
            .. Strangers(pod, OfPod, "pod.spec"),
            .. Strangers(pod["securityContext"], OfPodSecurity, "pod.spec.securityContext"),
            .. Elements(pod, "initContainers").Concat(Elements(pod, "containers")).SelectMany(container => (IEnumerable<string>)
            [
                .. Strangers(container.Value, OfContainer, container.Path),
                .. Strangers(container.Value["securityContext"], OfContainerSecurity, $"{container.Path}.securityContext"),
            ]),
            .. Elements(pod, "volumes").SelectMany(volume => (IEnumerable<string>)
            [
                .. Strangers(volume.Value, OfVolume, volume.Path),
                .. (volume.Value["projected"]?["sources"] as JsonArray ?? []).SelectMany((source, i) =>
                    Strangers(source, OfProjection, $"{volume.Path}.projected.sources[{i}]")),
            ]),
        ];
    }

    private static IEnumerable<string> Strangers(JsonNode? node, HashSet<string> known, string path) =>
        (node as JsonObject ?? []).Where(member => member.Value is not null && !known.Contains(member.Key)).Select(member =>
            $"{path}.{member.Key}: has no place in a run's pod; remove it from {PodOverrides.Field}");

    private static IEnumerable<(JsonObject Value, string Path)> Elements(JsonObject pod, string list) =>
        (pod[list] as JsonArray ?? []).OfType<JsonObject>().Select(element => (element, $"pod.spec.{list}[{element["name"]}]"));
}
