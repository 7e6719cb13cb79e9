using k8s.Models;
using Ppma.Controllers.Requests;

namespace Ppma.Controllers.Tests.Requests;

public sealed class ResourceTypeTests
{
    [Theory]
    [InlineData(typeof(V1Job), "apis/batch/v1/namespaces/team/jobs", "batch/v1")]
    [InlineData(typeof(V1Pod), "api/v1/namespaces/team/pods", "v1")]
    [InlineData(typeof(V1ConfigMap), "api/v1/namespaces/team/configmaps", "v1")]
    [InlineData(typeof(V1Lease), "apis/coordination.k8s.io/v1/namespaces/team/leases", "coordination.k8s.io/v1")]
    [InlineData(typeof(Eventsv1Event), "apis/events.k8s.io/v1/namespaces/team/events", "events.k8s.io/v1")]
    [InlineData(typeof(Widget), "apis/lab.example/v1/namespaces/team/widgets", "lab.example/v1")]
    public void Of_AClass_KnowsWhereItsObjectsAre(Type type, string path, string apiVersion)
    {
        ResourceType resource = ResourceType.Of(type);

        Assert.Equal((path, apiVersion), (resource.Path("team"), resource.ApiVersion));
    }

    [Fact]
    public void Path_OfNoNamespace_IsOfAllNamespaces() => Assert.Equal("apis/batch/v1/jobs", ResourceType.Of(typeof(V1Job)).Path(@namespace: null));

    [Fact]
    public void Of_AClassWithoutTheAttribute_SaysWhatIsMissing() =>
        Assert.Contains("KubernetesEntity", Assert.Throws<ArgumentException>(() => ResourceType.Of(typeof(string))).Message, StringComparison.Ordinal);
}
