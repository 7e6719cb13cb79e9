using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using Ppma.Api.Tasks;
using Ppma.Operator.Pods;

namespace Ppma.Operator.Tests.Pods;

public sealed class JobBuilderTests
{
    public static TheoryData<string> EveryKindOfRun => [.. TestPods.Kinds];

    [Fact]
    public void Build_ARun_IsOneJobOfOnePodWithoutRestartsOfItsOwn()
    {
        var job = TestPods.Plan().Job;

        Assert.Equal(("batch/v1", "Job", "ppma-paper-mae-7eab46-a2", "research"), (job.ApiVersion, job.Kind, job.Metadata.Name, job.Metadata.NamespaceProperty));
        Assert.Equal((1, 1, 0, "Failed"), (job.Spec.Parallelism, job.Spec.Completions, job.Spec.BackoffLimit, job.Spec.PodReplacementPolicy));
        Assert.True(job.Spec is { Suspend: null, PodFailurePolicy: null, TtlSecondsAfterFinished: null, ActiveDeadlineSeconds: null, ManualSelector: null });
        Assert.Equal("Never", job.Spec.Template.Spec.RestartPolicy);
        var owner = Assert.Single(job.Metadata.OwnerReferences);
        Assert.True(owner is { Kind: "PretrainRun", Controller: true, BlockOwnerDeletion: true });
        Assert.Equal(TestPods.Run.Uid, owner.Uid);
    }

    [Fact]
    public void Build_ARun_MarksJobAndPodAlike()
    {
        var plan = TestPods.Plan();
        var marks = new Dictionary<string, string>
        {
            ["app.kubernetes.io/managed-by"] = "ppma-operator",
            ["ppma.cloud/kind"] = "PretrainRun",
            ["ppma.cloud/uid"] = TestPods.Run.Uid,
            ["ppma.cloud/stage"] = "mae",
            ["ppma.cloud/attempt"] = "2",
        };

        Assert.Equal(marks, plan.Job.Metadata.Labels);
        Assert.Superset(marks.ToHashSet(), plan.Template.Metadata.Labels.ToHashSet());
        Assert.Equal("ppma-paper", plan.Job.Metadata.Annotations["ppma.cloud/name"]);
        Assert.Equal("ppma-paper", plan.Template.Metadata.Annotations["ppma.cloud/name"]);
    }

    [Theory]
    [MemberData(nameof(EveryKindOfRun))]
    public void Build_AnyRun_PassesItsOwnRules(string kind)
    {
        var plan = TestPods.Plan(TestPods.Of(kind));

        Assert.Empty(plan.Problems);
        Assert.Empty(PodRules.Check(plan, PodPolicy.Restricted, serviceAccountAllowsRuns: true));
    }

    [Theory]
    [MemberData(nameof(EveryKindOfRun))]
    public void Build_Twice_GivesTheSameBytes(string kind) =>
        Assert.Equal(KubernetesJson.Serialize(TestPods.Plan(TestPods.Of(kind)).Job), KubernetesJson.Serialize(TestPods.Plan(TestPods.Of(kind)).Job));

    [Fact]
    public void Build_AWorker_FindsItsTaskFoldersAndPort()
    {
        var pod = TestPods.Plan().Template.Spec;
        var worker = Assert.Single(pod.Containers);

        Assert.Equal(["--task", "/ppma/task/task.json"], worker.Args);
        Assert.Null(worker.Command);
        Assert.Equal("2", Variable(worker, "PPMA_ATTEMPT"));
        Assert.Equal("/dev/termination-log", Variable(worker, "PPMA_TERMINATION_MESSAGE"));
        Assert.Equal(worker.TerminationMessagePath, Variable(worker, "PPMA_TERMINATION_MESSAGE"));
        Assert.Equal("FallbackToLogsOnError", worker.TerminationMessagePolicy);
        Assert.Equal("/ppma/credentials", Variable(worker, "PPMA_CREDENTIALS"));
        Assert.True(worker.Ports.Single() is { Name: "metrics", ContainerPort: 9464 });
        foreach (string? folder in new[] { Variable(worker, "PPMA_CACHE"), Variable(worker, "PPMA_SCRATCH"), Variable(worker, "HOME"), Variable(worker, "TMPDIR") })
        {
            var mount = worker.VolumeMounts.Single(mount => mount.MountPath == folder);
            Assert.NotNull(pod.Volumes.Single(volume => volume.Name == mount.Name).EmptyDir);
        }

        var task = pod.Volumes.Single(volume => volume.Name == "task").ConfigMap;
        Assert.Equal((Names.Tasks(TestPods.Run), "mae.json", "task.json"), (task.Name, task.Items.Single().Key, task.Items.Single().Path));
    }

    [Theory]
    [InlineData("PPMA_X", true)]
    [InlineData("PPMA_", true)]
    [InlineData("PPMAX", false)]
    [InlineData("NVIDIA_VISIBLE_DEVICES", true)]
    [InlineData("NVIDIA_DRIVER_CAPABILITIES", false)]
    [InlineData("ppma_x", false)]
    public void IsReserved_AVariable_IsOursOrTheNodes(string variable, bool reserved) => Assert.Equal(reserved, WorkerEnvironment.IsReserved(variable));

    [Theory]
    [InlineData("nvidia.com/gpu", 1)]
    [InlineData("nvidia.com/mig-3g.40gb", 2)]
    public void Build_WithGpus_AsksForThemByTheirResourcesName(string resource, int gpus)
    {
        var plan = TestPods.Plan(TestPods.Request(compute: new() { GpusPerWorker = gpus, GpuResourceName = resource }));
        var worker = plan.Template.Spec.Containers.Single();

        Assert.Equal(gpus, worker.Resources.Limits[resource].ToInt32());
        Assert.Null(Variable(worker, "NVIDIA_VISIBLE_DEVICES"));
    }

    [Fact]
    public void Build_WithoutGpus_SeesNone()
    {
        var worker = TestPods.Plan(TestPods.Request(compute: new())).Template.Spec.Containers.Single();

        Assert.Equal("void", Variable(worker, "NVIDIA_VISIBLE_DEVICES"));
        Assert.Null(worker.Resources);
    }

    [Fact]
    public void Build_WithSecrets_MountsExactlyTheKeysThatTheTaskNames()
    {
        var task = TestPods.Stage(
            artifactsCredentials: "store/sas", datasets: [TestPods.Dataset(credentials: "store/reader"), TestPods.Dataset(credentials: "other.store/sas", name: "b")]);
        var plan = TestPods.Plan(TestPods.Request(task));

        var secrets = plan.Template.Spec.Volumes.Where(volume => volume.Secret is not null).ToDictionary(volume => volume.Secret.SecretName);
        Assert.Equal(["other.store", "store"], secrets.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(["reader", "sas"], secrets["store"].Secret.Items.Select(item => item.Key));
        Assert.All(secrets.Values, volume => Assert.Equal(Convert.ToInt32("440", 8), volume.Secret.DefaultMode));
        Assert.Contains(plan.Template.Spec.Containers[0].VolumeMounts, mount => mount is { MountPath: "/ppma/credentials/store", ReadOnlyProperty: true });
        Assert.Equal(plan.Template.Spec.SecurityContext.FsGroup, plan.Template.Spec.SecurityContext.RunAsGroup);
        Assert.DoesNotContain(Labels.WorkloadIdentity, plan.Template.Metadata.Labels.Keys);
    }

    [Fact]
    public void NamedSecrets_OfATask_AreOfEveryPlaceThatNamesOne()
    {
        WeightsInput Weights(string secret) => new() { Source = WeightsSource.Checkpoint, Uri = "https://x/y", Digest = "d", Credentials = $"{secret}/k" };
        var stage = TestPods.Stage(artifactsCredentials: "a/k", datasets: TestPods.Dataset(credentials: "b/k"));
        var pretrain = stage with
        {
            PretrainStage = stage.PretrainStage! with
            {
                Validation = new() { Dataset = TestPods.Dataset(credentials: "c/k"), EverySteps = 1 },
                Weights = new() { Source = WeightsSource.Ensemble, Members = [Weights("d"), Weights("e")] },
                Resume = new() { Uri = "https://x/z", Credentials = "f/k" },
            },
        };

        Assert.Equal(["a", "b", "c", "d", "e", "f", "r"], Named(pretrain));
        Assert.Equal(["g", "h", "i", "j", "r"], Named(TestPods.Evaluate("g", "h", "i", Weights("j"))));
        Assert.Equal(["l", "r"], Named(TestPods.Verify("k", "l")));

        static IEnumerable<string> Named(TaskSpec task) =>
            TestPods.Plan(TestPods.Request(task, new() { PullSecrets = [new() { Name = "r" }] })).NamedSecrets.Order(StringComparer.Ordinal);
    }

    [Fact]
    public void Build_WithRemoteStoresAndNoSecret_AsksForAWorkloadIdentity()
    {
        var plan = TestPods.Plan();

        Assert.Equal("true", plan.Template.Metadata.Labels[Labels.WorkloadIdentity]);
        Assert.False(plan.Template.Spec.AutomountServiceAccountToken);
        Assert.Equal("default", plan.ServiceAccountToAsk);
    }

    [Fact]
    public void Build_WithFiles_MountsClaimsAtTheUrisOwnPaths()
    {
        var pod = TestPods.Plan(TestPods.Of("files")).Template;

        Assert.Equal(["videos", "runs"], pod.Spec.Volumes.Select(volume => volume.PersistentVolumeClaim?.ClaimName).OfType<string>());
        var mounts = pod.Spec.Containers[0].VolumeMounts.Where(mount => mount.Name.StartsWith("claim-", StringComparison.Ordinal));
        Assert.Equal(
            [("/data/k150", true), ("/data/sim", true), ("/artifacts", null)], mounts.Select(mount => (mount.MountPath, mount.ReadOnlyProperty)));
        Assert.DoesNotContain(Labels.WorkloadIdentity, pod.Metadata.Labels.Keys);
    }

    [Fact]
    public void Build_WithAFileOnNoVolume_NamesTheField()
    {
        var plan = TestPods.Plan(TestPods.Request(TestPods.Stage("file:///artifacts/x", null, TestPods.Dataset("file:///data/k150"))) with
        {
            Claims = [new("runs", "file:///artifact", ReadOnly: false), new("x", "https://a/b", ReadOnly: false), new("y", "file:///", ReadOnly: true)],
        });

        Assert.Collection(
            plan.Problems,
            problem => Assert.StartsWith("volume of https://a/b: PersistentVolumeClaim x is mounted at the URI's own path", problem, StringComparison.Ordinal),
            problem => Assert.StartsWith("volume of file:///: PersistentVolumeClaim y", problem, StringComparison.Ordinal),
            problem => Assert.StartsWith("artifacts: file:///artifacts/x lies on no volume", problem, StringComparison.Ordinal),
            problem => Assert.StartsWith("datasets[0] (k150): file:///data/k150 lies on no volume", problem, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("gpus", null, true)]
    [InlineData(null, "label", true)]
    [InlineData(null, null, null)]
    public void Build_ForAQueue_IsCreatedSuspended(string? field, string? label, bool? suspended)
    {
        var labels = new Dictionary<string, string> { ["kueue.x-k8s.io/priority-class"] = "high", ["team"] = "vision" };
        if (label is not null)
        {
            labels["kueue.x-k8s.io/queue-name"] = label;
        }

        var job = TestPods.Plan(TestPods.Request(compute: new() { QueueName = field }) with { OwnerLabels = labels }).Job;

        Assert.Equal(suspended, job.Spec.Suspend);
        Assert.Equal("high", job.Metadata.Labels["kueue.x-k8s.io/priority-class"]);
        Assert.DoesNotContain("team", job.Metadata.Labels.Keys);
        Assert.Equal(field ?? label, job.Metadata.Labels.TryGetValue("kueue.x-k8s.io/queue-name", out string? queue) ? queue : null);
    }

    [Fact]
    public void Build_WithEverything_SaysItInThePod()
    {
        var pod = TestPods.Plan(TestPods.Of("everything")).Template;
        var (spec, worker) = (pod.Spec, pod.Spec.Containers[0]);

        Assert.Equal(("trainer", "high", "nvidia", "volcano"), (spec.ServiceAccountName, spec.PriorityClassName, spec.RuntimeClassName, spec.SchedulerName));
        Assert.Equal("registry", spec.ImagePullSecrets.Single().Name);
        Assert.Equal("gpu", spec.NodeSelector["pool"]);
        Assert.True(spec.Tolerations.Single() is { Key: "spot", OperatorProperty: "Exists", Effect: "NoSchedule" });
        var near = spec.Affinity.PodAffinity.PreferredDuringSchedulingIgnoredDuringExecution.Single().PodAffinityTerm;
        Assert.Equal(("topology.kubernetes.io/zone", TestPods.Run.Uid), (near.TopologyKey, near.LabelSelector.MatchLabels[Labels.Uid]));
        Assert.True(spec.Volumes.Single(volume => volume.Name == "shm").EmptyDir is { Medium: "Memory" });
        Assert.Contains(worker.VolumeMounts, mount => mount is { Name: "shm", MountPath: "/dev/shm" });
        Assert.Equal(("Always", "vision", "x"), (worker.ImagePullPolicy, pod.Metadata.Labels["team"], pod.Metadata.Annotations["note"]));
        Assert.Equal(("8", "64Gi"), (worker.Resources.Requests["cpu"].ToString(), worker.Resources.Limits["memory"].ToString()));
    }

    [Fact]
    public void Build_AStageOfTheLargestModel_GetsTimeForItsCheckpoint()
    {
        var small = TestPods.Stage();
        var large = small with { PretrainStage = small.PretrainStage! with { Model = new() { Dim = 1280, Depth = 32, Heads = 16 } } };

        Assert.Equal(30, TestPods.Plan(TestPods.Request(small)).Template.Spec.TerminationGracePeriodSeconds);
        Assert.InRange(TestPods.Plan(TestPods.Request(large)).Template.Spec.TerminationGracePeriodSeconds!.Value, 150, 170);
        Assert.Equal(30, TestPods.Plan(TestPods.Of("verify")).Template.Spec.TerminationGracePeriodSeconds);
    }

    [Fact]
    public void Pod_OfAPlan_IsTheTemplateInTheRunsNamespace()
    {
        var plan = TestPods.Plan();
        var pod = plan.Pod();

        Assert.Equal(("v1", "Pod", "research", "ppma-paper-mae-7eab46-a2-"), (pod.ApiVersion, pod.Kind, pod.Metadata.NamespaceProperty, pod.Metadata.GenerateName));
        Assert.Equal(KubernetesJson.Serialize(plan.Template.Spec), KubernetesJson.Serialize(pod.Spec));
    }

    [Fact]
    public void Build_ARun_MentionsNoFieldThatOldServersLackButTheOneTheyIgnore()
    {
        var job = JsonNode.Parse(KubernetesJson.Serialize(TestPods.Plan().Job))!["spec"]!.AsObject();

        Assert.Equal(["backoffLimit", "completions", "parallelism", "podReplacementPolicy", "template"], job.Select(member => member.Key).Order(StringComparer.Ordinal));
    }

    private static string? Variable(V1Container container, string name) => container.Env.SingleOrDefault(variable => variable.Name == name)?.Value;
}
