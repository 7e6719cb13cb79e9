namespace Ppma.Operator.Tests.Pods;

/// <summary>Overrides of a pod template, as JSON.</summary>
public static class TestOverrides
{
    /// <summary>Overrides that the restricted profile refuses, and the field that the refusal names.</summary>
    public static TheoryData<string, string> AgainstTheProfile => new()
    {
        { """{"spec":{"hostNetwork":true}}""", "pod.spec.hostNetwork" },
        { """{"spec":{"hostPID":true}}""", "pod.spec.hostPID" },
        { """{"spec":{"hostIPC":true}}""", "pod.spec.hostIPC" },
        { """{"spec":{"hostUsers":true}}""", "pod.spec.hostUsers" },
        { """{"spec":{"os":{"name":"windows"}}}""", "pod.spec.os.name" },
        { """{"spec":{"hostnameOverride":"node-1"}}""", "pod.spec.hostnameOverride" },
        { """{"spec":{"evictionResponders":[{"name":"example.org/x"}]}}""", "pod.spec.evictionResponders" },
        { """{"spec":{"securityContext":{"runAsUser":0}}}""", "pod.spec.securityContext.runAsUser" },
        { """{"spec":{"securityContext":{"runAsNonRoot":false}}}""", "pod.spec.containers[worker].securityContext.runAsNonRoot" },
        { """{"spec":{"securityContext":{"runAsNonRoot":null}}}""", "pod.spec.containers[worker].securityContext.runAsNonRoot" },
        { """{"spec":{"securityContext":{"seccompProfile":{"type":"Unconfined"}}}}""", "pod.spec.securityContext.seccompProfile.type" },
        { """{"spec":{"securityContext":{"seccompProfile":null}}}""", "pod.spec.containers[worker].securityContext.seccompProfile.type" },
        { """{"spec":{"securityContext":{"appArmorProfile":{"type":"Unconfined"}}}}""", "pod.spec.securityContext.appArmorProfile.type" },
        { """{"spec":{"securityContext":{"seLinuxOptions":{"type":"spc_t"}}}}""", "pod.spec.securityContext.seLinuxOptions" },
        { """{"spec":{"securityContext":{"seLinuxOptions":{"role":"sysadm_r"}}}}""", "pod.spec.securityContext.seLinuxOptions" },
        { """{"spec":{"securityContext":{"sysctls":[{"name":"kernel.shm_rmid_forced","value":"1"}]}}}""", "pod.spec.securityContext.sysctls" },
        { """{"spec":{"securityContext":{"windowsOptions":{"hostProcess":true}}}}""", "pod.spec.securityContext.windowsOptions.hostProcess" },
        { Worker("""{"securityContext":{"privileged":true}}"""), "pod.spec.containers[worker].securityContext.privileged" },
        { Worker("""{"securityContext":{"allowPrivilegeEscalation":true}}"""), "pod.spec.containers[worker].securityContext.allowPrivilegeEscalation" },
        { Worker("""{"securityContext":{"allowPrivilegeEscalation":null}}"""), "pod.spec.containers[worker].securityContext.allowPrivilegeEscalation" },
        { Worker("""{"securityContext":{"capabilities":{"drop":["NET_RAW"]}}}"""), "pod.spec.containers[worker].securityContext.capabilities.drop" },
        { Worker("""{"securityContext":{"capabilities":{"add":["SYS_PTRACE"]}}}"""), "pod.spec.containers[worker].securityContext.capabilities.add" },
        { Worker("""{"securityContext":{"procMount":"Unmasked"}}"""), "pod.spec.containers[worker].securityContext.procMount" },
        { Worker("""{"securityContext":{"runAsNonRoot":false}}"""), "pod.spec.containers[worker].securityContext.runAsNonRoot" },
        { Worker("""{"securityContext":{"runAsUser":0}}"""), "pod.spec.containers[worker].securityContext.runAsUser" },
        { Worker("""{"securityContext":{"seccompProfile":{"type":"Unconfined"}}}"""), "pod.spec.containers[worker].securityContext.seccompProfile.type" },
        { Worker("""{"securityContext":{"appArmorProfile":{"type":"Unconfined"}}}"""), "pod.spec.containers[worker].securityContext.appArmorProfile.type" },
        { Worker("""{"securityContext":{"seLinuxOptions":{"user":"system_u"}}}"""), "pod.spec.containers[worker].securityContext.seLinuxOptions" },
        { Worker("""{"securityContext":{"windowsOptions":{"hostProcess":true}}}"""), "pod.spec.containers[worker].securityContext.windowsOptions.hostProcess" },
        { Worker("""{"ports":[{"containerPort":8080,"hostPort":8080}]}"""), "pod.spec.containers[worker].ports[8080].hostPort" },
        { Worker("""{"ports":[{"containerPort":8080,"hostIP":"10.0.0.1"}]}"""), "pod.spec.containers[worker].ports[8080].hostPort" },
        { Worker("""{"livenessProbe":{"httpGet":{"port":1,"host":"10.0.0.1"}}}"""), "pod.spec.containers[worker].livenessProbe.httpGet.host" },
        { Worker("""{"readinessProbe":{"tcpSocket":{"port":1,"host":"10.0.0.1"}}}"""), "pod.spec.containers[worker].readinessProbe.tcpSocket.host" },
        { Worker("""{"startupProbe":{"httpGet":{"port":1,"host":"10.0.0.1"}}}"""), "pod.spec.containers[worker].startupProbe.httpGet.host" },
        { Worker("""{"lifecycle":{"preStop":{"httpGet":{"port":1,"host":"10.0.0.1"}}}}"""), "pod.spec.containers[worker].lifecycle.preStop.httpGet.host" },
        { Worker("""{"lifecycle":{"postStart":{"tcpSocket":{"port":1,"host":"10.0.0.1"}}}}"""), "pod.spec.containers[worker].lifecycle.postStart.tcpSocket.host" },
        { Worker("""{"volumeMounts":[{"name":"tmp","mountPath":"/data","mountPropagation":"Bidirectional"}]}"""), "pod.spec.containers[worker].volumeMounts[/data].mountPropagation" },
        { Volume("""{"hostPath":{"path":"/"}}"""), "pod.spec.volumes[extra].hostPath" },
        { Volume("""{"nfs":{"server":"10.0.0.1","path":"/"}}"""), "pod.spec.volumes[extra].nfs" },
        { Volume("""{"gitRepo":{"repository":"https://example.org"}}"""), "pod.spec.volumes[extra].gitRepo" },
        { Volume("""{"iscsi":{"targetPortal":"10.0.0.1","iqn":"x","lun":0}}"""), "pod.spec.volumes[extra].iscsi" },
        { Volume("""{"azureDisk":{"diskName":"x","diskURI":"y"}}"""), "pod.spec.volumes[extra].azureDisk" },
        { Volume("""{"image":{"reference":"x"}}"""), "pod.spec.volumes[extra].image" },
        { Volume("""{"flexVolume":{"driver":"x/y"}}"""), "pod.spec.volumes[extra].flexVolume" },
        { """{"metadata":{"annotations":{"container.apparmor.security.beta.kubernetes.io/worker":"unconfined"}}}""", "pod.metadata.annotations[container.apparmor.security.beta.kubernetes.io/worker]" },
        { Init("""{"securityContext":{"privileged":true}}"""), "pod.spec.initContainers[setup].securityContext.privileged" },
        { Init("{}"), "pod.spec.initContainers[setup].securityContext.capabilities.drop" },
        { Sidecar("{}"), "pod.spec.containers[proxy].securityContext.allowPrivilegeEscalation" },
    };

    /// <summary>Overrides that are refused whatever the policy, since they touch others' rights or the operator's own pieces.</summary>
    public static TheoryData<string, string> AgainstIdentityOrOwnership => new()
    {
        { """{"spec":{"automountServiceAccountToken":true}}""", "pod.spec.automountServiceAccountToken" },
        { """{"spec":{"automountServiceAccountToken":null}}""", "pod.spec.automountServiceAccountToken" },
        { """{"spec":{"serviceAccount":"admin"}}""", "pod.spec.serviceAccount" },
        { """{"spec":{"serviceAccountName":"admin"}}""", "pod.spec.serviceAccountName" },
        { Volume("""{"projected":{"sources":[{"serviceAccountToken":{"path":"token"}}]}}"""), "pod.spec.volumes[extra].projected.sources[0].serviceAccountToken" },
        { Volume("""{"projected":{"sources":[{"podCertificate":{"signerName":"x/y","keyType":"ED25519"}}]}}"""), "pod.spec.volumes[extra].projected.sources[0].podCertificate" },
        { Volume("""{"projected":{"sources":[{"secret":{"name":"admin-token"}}]}}"""), "pod.spec.volumes[extra].projected.sources[0].secret.name" },
        { Volume("""{"secret":{"secretName":"admin-token"}}"""), "pod.spec.volumes[extra].secret.secretName" },
        { Volume("""{"azureFile":{"secretName":"admin-token","shareName":"x"}}"""), "pod.spec.volumes[extra].azureFile.secretName" },
        { Volume("""{"csi":{"driver":"x","nodePublishSecretRef":{"name":"admin-token"}}}"""), "pod.spec.volumes[extra].csi.nodePublishSecretRef" },
        { Volume("""{"cephfs":{"monitors":["x"],"secretRef":{"name":"admin-token"}}}"""), "pod.spec.volumes[extra].cephfs.secretRef" },
        { """{"spec":{"imagePullSecrets":[{"name":"admin-token"}]}}""", "pod.spec.imagePullSecrets[0]" },
        { Worker("""{"env":[{"name":"TOKEN","valueFrom":{"secretKeyRef":{"name":"admin-token","key":"t"}}}]}"""), "pod.spec.containers[worker].env[TOKEN].valueFrom.secretKeyRef" },
        { Worker("""{"envFrom":[{"prefix":"MY_","secretRef":{"name":"admin-token"}}]}"""), "pod.spec.containers[worker].envFrom[0].secretRef" },
        { Worker("""{"env":[{"name":"PPMA_ATTEMPT","value":"7"}]}"""), "pod.spec.containers[worker].env[PPMA_ATTEMPT]" },
        { Worker("""{"env":[{"name":"PPMA_ATTEMPT","$patch":"delete"}]}"""), "pod.spec.containers[worker].env[PPMA_ATTEMPT]" },
        { Worker("""{"env":[{"name":"PPMA_CACHE_BYTES","value":"7"}]}"""), "pod.spec.containers[worker].env[PPMA_CACHE_BYTES]" },
        { Worker("""{"env":[{"name":"AZURE_FEDERATED_TOKEN_FILE","value":"/x"}]}"""), "pod.spec.containers[worker].env[AZURE_FEDERATED_TOKEN_FILE]" },
        { Worker("""{"env":[{"name":"CUDA_VISIBLE_DEVICES","value":"0"}]}"""), "pod.spec.containers[worker].env[CUDA_VISIBLE_DEVICES]" },
        { Worker("""{"env":[{"name":"NVIDIA_VISIBLE_DEVICES","value":"all"}]}"""), "pod.spec.containers[worker].env[NVIDIA_VISIBLE_DEVICES]" },
        { Sidecar("""{"env":[{"name":"NVIDIA_VISIBLE_DEVICES","value":"all"}]}"""), "pod.spec.containers[proxy].env[NVIDIA_VISIBLE_DEVICES]" },
        { Worker("""{"envFrom":[{"configMapRef":{"name":"x"}}]}"""), "pod.spec.containers[worker].envFrom[0]" },
        { Worker("""{"envFrom":[{"prefix":"PPMA","configMapRef":{"name":"x"}}]}"""), "pod.spec.containers[worker].envFrom[0]" },
        { Worker("""{"image":"registry.example/other:1"}"""), "pod.spec.containers[worker].image" },
        { Worker("""{"command":["sh","-c"]}"""), "pod.spec.containers[worker].command" },
        { Worker("""{"args":["--task","/tmp/mine.json"]}"""), "pod.spec.containers[worker].args" },
        { Worker("""{"restartPolicy":"Always"}"""), "pod.spec.containers[worker].restartPolicy" },
        { Worker("""{"terminationMessagePath":"/tmp/x"}"""), "pod.spec.containers[worker].terminationMessagePath" },
        { Worker("""{"terminationMessagePolicy":"File"}"""), "pod.spec.containers[worker].terminationMessagePolicy" },
        { Worker("""{"ports":[{"$patch":"replace"},{"containerPort":8080}]}"""), "pod.spec.containers[worker].ports[metrics]" },
        { Worker("""{"volumeMounts":[{"mountPath":"/ppma/task","name":"tmp"}]}"""), "pod.spec.containers[worker].volumeMounts[/ppma/task]" },
        { Worker("""{"volumeMounts":[{"mountPath":"/ppma/task","$patch":"delete"}]}"""), "pod.spec.containers[worker].volumeMounts[/ppma/task]" },
        { Worker("""{"volumeMounts":[{"mountPath":"/ppma/extra","name":"tmp"}]}"""), "pod.spec.containers[worker].volumeMounts[/ppma/extra]" },
        { Worker("""{"volumeMounts":[{"mountPath":"/ppma/","name":"tmp"}]}"""), "pod.spec.containers[worker].volumeMounts[/ppma/]" },
        { Worker("""{"volumeMounts":[{"mountPath":"/","name":"tmp"}]}"""), "pod.spec.containers[worker].volumeMounts[/]" },
        { Worker("""{"volumeMounts":[{"mountPath":"/x/../ppma/task/y","name":"tmp"}]}"""), "pod.spec.containers[worker].volumeMounts[/x/../ppma/task/y]" },
        { Worker("""{"volumeMounts":[{"mountPath":"/dev","name":"tmp"}]}"""), "pod.spec.containers[worker].volumeMounts[/dev]" },
        { """{"spec":{"containers":[{"name":"worker","$patch":"delete"},{"name":"mine","image":"x"}]}}""", "pod.spec.containers[worker]" },
        { """{"spec":{"volumes":[{"name":"task","configMap":{"name":"mine"}}]}}""", "pod.spec.volumes[task]" },
        { """{"spec":{"volumes":[{"name":"task","$patch":"delete"}]}}""", "pod.spec.volumes[task]" },
        { """{"spec":{"restartPolicy":"OnFailure"}}""", "pod.spec.restartPolicy" },
        { """{"spec":{"activeDeadlineSeconds":60}}""", "pod.spec.activeDeadlineSeconds" },
        { """{"spec":{"nodeName":"node-1"}}""", "pod.spec.nodeName" },
        { """{"spec":{"ephemeralContainers":[{"name":"debug","image":"x"}]}}""", "pod.spec.ephemeralContainers" },
        { """{"metadata":{"labels":{"ppma.cloud/uid":"another"}}}""", "pod.metadata.labels[ppma.cloud/uid]" },
        { """{"metadata":{"labels":{"ppma.cloud/attempt":null}}}""", "pod.metadata.labels[ppma.cloud/attempt]" },
        { """{"metadata":{"labels":{"ppma.cloud/else":"x"}}}""", "pod.metadata.labels[ppma.cloud/else]" },
        { """{"metadata":{"labels":{"app.kubernetes.io/managed-by":"me"}}}""", "pod.metadata.labels[app.kubernetes.io/managed-by]" },
        { """{"metadata":{"labels":{"job-name":"x"}}}""", "pod.metadata.labels[job-name]" },
        { """{"metadata":{"labels":{"batch.kubernetes.io/controller-uid":"x"}}}""", "pod.metadata.labels[batch.kubernetes.io/controller-uid]" },
        { """{"metadata":{"annotations":{"ppma.cloud/name":"x"}}}""", "pod.metadata.annotations[ppma.cloud/name]" },
        { """{"metadata":{"finalizers":["example.org/hold"]}}""", "pod.metadata" },
        { Worker("""{"resources":{"limits":{"nvidia.com/gpu":"8"}}}"""), "pod.spec.containers[worker].resources[nvidia.com/gpu]" },
        { Worker("""{"resources":{"limits":null}}"""), "pod.spec.containers[worker].resources[nvidia.com/gpu]" },
        { Worker("""{"resources":{"limits":{"nvidia.com/mig-1g.5gb":"1"}}}"""), "pod.spec.containers[worker].resources[nvidia.com/mig-1g.5gb]" },
        { Sidecar("""{"resources":{"limits":{"nvidia.com/gpu":"1"}}}"""), "pod.spec.containers[proxy].resources[nvidia.com/gpu]" },
    };

    /// <summary>What people need overrides for.</summary>
    public static TheoryData<string> Harmless =>
    [
        """{"spec":{"tolerations":[{"key":"spot","operator":"Exists"}],"nodeSelector":{"pool":"gpu"}}}""",
        """{"spec":{"terminationGracePeriodSeconds":600,"hostUsers":false,"shareProcessNamespace":true}}""",
        """{"spec":{"affinity":{"nodeAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":{"nodeSelectorTerms":[{"matchExpressions":[{"key":"gpu","operator":"In","values":["a100"]}]}]}}}}}""",
        """{"spec":{"volumes":[{"name":"cache","emptyDir":null,"persistentVolumeClaim":{"claimName":"shards"}}]}}""",
        """{"spec":{"volumes":[{"name":"cache","emptyDir":{"sizeLimit":"200Gi"}}],"dnsConfig":{"options":[{"name":"ndots","value":"1"}]}}}""",
        Worker("""{"env":[{"name":"OMP_NUM_THREADS","value":"4"},{"name":"HOME","value":"/ppma/scratch"}],"envFrom":[{"prefix":"MY_","configMapRef":{"name":"x"}}]}"""),
        Worker("""{"volumeMounts":[{"name":"tmp","mountPath":"/ppmadata"}],"resources":{"limits":{"memory":"64Gi"}},"workingDir":"/tmp"}"""),
        Volume("""{"projected":{"sources":[{"configMap":{"name":"x"}},{"downwardAPI":{"items":[{"path":"l","fieldRef":{"fieldPath":"metadata.labels"}}]}}]}}"""),
        Sidecar("""{"securityContext":{"allowPrivilegeEscalation":false,"capabilities":{"drop":["ALL"]}}}"""),
        """{"metadata":{"labels":{"team":"vision"},"annotations":{"cluster-autoscaler.kubernetes.io/safe-to-evict":"false"}}}""",
    ];

    private static string Worker(string patch) => $$$"""{"spec":{"containers":[{"name":"worker",{{{Inside(patch)}}}]}}""";

    private static string Sidecar(string patch) => $$$"""{"spec":{"containers":[{"name":"proxy","image":"registry.example/proxy:1",{{{Inside(patch)}}}]}}""";

    private static string Init(string patch) => $$$"""{"spec":{"initContainers":[{"name":"setup","image":"registry.example/setup:1",{{{Inside(patch)}}}]}}""";

    private static string Volume(string source) => $$$"""{"spec":{"volumes":[{"name":"extra",{{{Inside(source)}}}]}}""";

    // The members of an object, with its closing brace.
    private static string Inside(string json) => json == "{}" ? "\"tty\":false}" : json[1..];
}
