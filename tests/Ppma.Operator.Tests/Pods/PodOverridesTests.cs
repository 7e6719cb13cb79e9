using k8s;
using Ppma.Operator.Pods;

namespace Ppma.Operator.Tests.Pods;

public sealed class PodOverridesTests
{
    [Fact]
    public void Build_WithAnEmptyPatch_IsTheSamePodByteForByte() => Assert.Equal(
        KubernetesJson.Serialize(TestPods.Plan().Job), KubernetesJson.Serialize(TestPods.PlanWith("{}").Job));

    [Fact]
    public void Build_WithAPatchThatSaysNothingNew_IsTheSamePodByteForByte() => Assert.Equal(
        KubernetesJson.Serialize(TestPods.Plan().Job),
        KubernetesJson.Serialize(TestPods.PlanWith("""{"spec":{"containers":[{"name":"worker"}],"restartPolicy":"Never"}}""").Job));

    [Fact]
    public void Build_WithOverrides_MergesThemIntoTheFinishedPod()
    {
        var pod = TestPods.PlanWith("""
            {"metadata":{"labels":{"team":"vision"}},
             "spec":{"terminationGracePeriodSeconds":600,
                     "containers":[{"name":"worker","env":[{"name":"OMP_NUM_THREADS","value":"4"}],"resources":{"limits":{"memory":"64Gi"}}}]}}
            """).Template;

        Assert.Equal("vision", pod.Metadata.Labels["team"]);
        Assert.Equal("2", pod.Metadata.Labels[Labels.Attempt]);
        Assert.Equal(600, pod.Spec.TerminationGracePeriodSeconds);
        var worker = Assert.Single(pod.Spec.Containers);
        Assert.Equal("4", worker.Env.Single(variable => variable.Name == "OMP_NUM_THREADS").Value);
        Assert.Equal(["memory", "nvidia.com/gpu"], worker.Resources.Limits.Keys.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("""{"spec":{"tolerationz":[]}}""", "spec.compute.podTemplateOverrides.spec.tolerationz: a pod template has no such field")]
    [InlineData("""{"spec":{"containers":[{"name":"worker","limits":{"cpu":1}}]}}""", "spec.compute.podTemplateOverrides.spec.containers[0].limits: a pod template has no such field")]
    [InlineData("""{"kind":"Pod"}""", "spec.compute.podTemplateOverrides.kind: a pod template has no such field")]
    [InlineData("""{"spec":{"hostNetwork":"yes"}}""", "spec.compute.podTemplateOverrides: cannot be merged into the pod: ")]
    [InlineData("""{"spec":{"containers":"worker"}}""", "spec.compute.podTemplateOverrides: cannot be merged into the pod: ")]
    [InlineData("""{"spec":{"containers":[{"image":"x"}]}}""", "spec.compute.podTemplateOverrides: cannot be merged into the pod: spec.containers: an element has no name")]
    [InlineData("""{"spec":null}""", "spec.compute.podTemplateOverrides: takes metadata.labels or spec.containers away")]
    [InlineData("""{"spec":{"containers":null}}""", "spec.compute.podTemplateOverrides: takes metadata.labels or spec.containers away")]
    [InlineData("""{"metadata":{"$patch":"delete"}}""", "spec.compute.podTemplateOverrides: takes metadata.labels or spec.containers away")]
    [InlineData("""{"spec":{"containers":[{"name":"worker","resources":{"limits":{"memory":"much"}}}]}}""", "spec.compute.podTemplateOverrides: cannot be merged into the pod: ")]
    public void Build_WithOverridesThatDoNotFit_SaysWhichField(string overrides, string problem)
    {
        var plan = TestPods.PlanWith(overrides);

        Assert.Contains(plan.Problems, found => found.StartsWith(problem, StringComparison.Ordinal));
    }
}
