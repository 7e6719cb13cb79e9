using k8s.Models;

namespace Ppma.Operator.Pods;

/// <summary>
/// The restricted profile of the Pod Security Standards (kubernetes.io/docs/concepts/security/pod-security-standards), with no exception
/// for system calls that the standards call safe; and nothing of the host, which they leave to another profile.
/// </summary>
internal static class RestrictedProfile
{
    private const string AppArmorAnnotation = "container.apparmor.security.beta.kubernetes.io/";

    private static readonly string[] SeLinuxTypes = ["", "container_t", "container_init_t", "container_kvm_t", "container_engine_t"];

    public static IEnumerable<string> Check(V1PodTemplateSpec template)
    {
        var (pod, security) = (template.Spec, template.Spec.SecurityContext);
        return
        [
            .. Host(pod),
            .. (template.Metadata.Annotations ?? new Dictionary<string, string>())
                .Where(annotation => annotation.Key.StartsWith(AppArmorAnnotation, StringComparison.Ordinal)
                    && annotation.Value != "runtime/default" && !annotation.Value.StartsWith("localhost/", StringComparison.Ordinal))
                .Select(annotation => $"pod.metadata.annotations[{annotation.Key}]: is {annotation.Value}; only runtime/default and localhost/… are allowed"),
            .. Shared("pod.spec.securityContext", security?.RunAsUser, security?.SeccompProfile, security?.SeLinuxOptions, security?.AppArmorProfile, security?.WindowsOptions),
            .. security?.Sysctls is { Count: > 0 } ? ["pod.spec.securityContext.sysctls: are set; a run's pod changes no kernel parameters. Remove them"] : (string[])[],
            .. (pod.Volumes ?? []).Where(volume => volume.HostPath is not null)
                .Select(volume => $"pod.spec.volumes[{volume.Name}].hostPath: a run's pod mounts nothing of its host; use a PersistentVolumeClaim"),
            .. PodContainers.Of(pod).SelectMany(entry => Container(entry.Container, entry.Path, security)),
        ];
    }

    private static IEnumerable<string> Host(V1PodSpec pod)
    {
        (bool Broken, string Field)[] shared =
        [
            (pod.HostNetwork == true, "hostNetwork"), (pod.HostPID == true, "hostPID"), (pod.HostIPC == true, "hostIPC"), (pod.HostUsers == true, "hostUsers"),
        ];
        foreach (var (_, field) in shared.Where(entry => entry.Broken))
        {
            yield return $"pod.spec.{field}: is true; a run's pod shares no namespace with its host. Remove it";
        }

        if (pod.Os?.Name is { } os && os != "linux")
        {
            yield return $"pod.spec.os.name: is {os}; workers run on linux. Remove it";
        }
    }

    private static IEnumerable<string> Container(V1Container container, string path, V1PodSecurityContext? pod)
    {
        var security = container.SecurityContext;
        string at = $"{path}.securityContext";
        if (security?.Privileged == true)
        {
            yield return $"{at}.privileged: is true; a run's pod is not privileged. Remove it";
        }

        if (security?.AllowPrivilegeEscalation != false)
        {
            yield return $"{at}.allowPrivilegeEscalation: must be false";
        }

        if (security?.Capabilities?.Drop?.Contains("ALL") != true)
        {
            yield return $"{at}.capabilities.drop: must hold ALL";
        }

        if (security?.Capabilities?.Add is { Count: > 0 } added)
        {
            yield return $"{at}.capabilities.add: holds {string.Join(", ", added)}; a worker needs none. Remove them";
        }

        if (security?.ProcMount is { } mount && mount != "Default")
        {
            yield return $"{at}.procMount: is {mount}; it must be Default or absent";
        }

        if (!(security?.RunAsNonRoot ?? pod?.RunAsNonRoot ?? false))
        {
            yield return $"{at}.runAsNonRoot: must be true, here or for the whole pod";
        }

        if (security?.SeccompProfile is null && pod?.SeccompProfile is null)
        {
            yield return $"{at}.seccompProfile.type: must be RuntimeDefault or Localhost, here or for the whole pod";
        }

        IEnumerable<string> others =
        [
            .. Shared(at, security?.RunAsUser, security?.SeccompProfile, security?.SeLinuxOptions, security?.AppArmorProfile, security?.WindowsOptions),
            .. Ports(container, path),
            .. HostsOfProbes(container, path),
            .. (container.VolumeMounts ?? []).Where(mount => mount.MountPropagation is { } propagation && propagation != "None")
                .Select(mount => $"{path}.volumeMounts[{mount.MountPath}].mountPropagation: is {mount.MountPropagation}; it must be None or absent"),
        ];
        foreach (string problem in others)
        {
            yield return problem;
        }
    }

    private static IEnumerable<string> Shared(
        string at, long? user, V1SeccompProfile? seccomp, V1SELinuxOptions? seLinux, V1AppArmorProfile? appArmor, V1WindowsSecurityContextOptions? windows)
    {
        if (user == 0)
        {
            yield return $"{at}.runAsUser: is 0, which is root; write another number, or leave it out";
        }

        if (seccomp is { Type: not ("RuntimeDefault" or "Localhost") })
        {
            yield return $"{at}.seccompProfile.type: is {seccomp.Type}; it must be RuntimeDefault or Localhost";
        }

        if (appArmor is { Type: not ("RuntimeDefault" or "Localhost") })
        {
            yield return $"{at}.appArmorProfile.type: is {appArmor.Type}; it must be RuntimeDefault or Localhost";
        }

        if (seLinux is not null && (!SeLinuxTypes.Contains(seLinux.Type ?? "") || seLinux is { User.Length: > 0 } or { Role.Length: > 0 }))
        {
            yield return $"{at}.seLinuxOptions: only the types of containers are allowed, and neither user nor role; remove it";
        }

        if (windows?.HostProcess == true)
        {
            yield return $"{at}.windowsOptions.hostProcess: is true; a run's pod runs no process on its host. Remove it";
        }
    }

    private static IEnumerable<string> Ports(V1Container container, string path) => (container.Ports ?? [])
        .Where(port => port.HostPort is > 0 || port.HostIP is { Length: > 0 })
        .Select(port => $"{path}.ports[{port.ContainerPort}].hostPort: a run's pod takes no port or address of its host. Remove hostPort and hostIP");

    // A node asks for what a probe names, from its own network.
    private static IEnumerable<string> HostsOfProbes(V1Container container, string path)
    {
        (string Field, string? Host)[] hosts =
        [
            .. Hosts("livenessProbe", container.LivenessProbe?.HttpGet, container.LivenessProbe?.TcpSocket),
            .. Hosts("readinessProbe", container.ReadinessProbe?.HttpGet, container.ReadinessProbe?.TcpSocket),
            .. Hosts("startupProbe", container.StartupProbe?.HttpGet, container.StartupProbe?.TcpSocket),
            .. Hosts("lifecycle.postStart", container.Lifecycle?.PostStart?.HttpGet, container.Lifecycle?.PostStart?.TcpSocket),
            .. Hosts("lifecycle.preStop", container.Lifecycle?.PreStop?.HttpGet, container.Lifecycle?.PreStop?.TcpSocket),
        ];
        return hosts.Where(entry => entry.Host is { Length: > 0 }).Select(entry =>
            $"{path}.{entry.Field}.host: is {entry.Host}; the node would ask it in the pod's stead. Remove it");

        static (string, string?)[] Hosts(string field, V1HTTPGetAction? http, V1TCPSocketAction? tcp) =>
            [($"{field}.httpGet", http?.Host), ($"{field}.tcpSocket", tcp?.Host)];
    }
}
