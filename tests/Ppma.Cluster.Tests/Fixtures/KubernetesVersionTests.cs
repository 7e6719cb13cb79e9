using Ppma.Testing.Kubernetes;

namespace Ppma.Cluster.Tests.Fixtures;

public sealed class KubernetesVersionTests
{
    [Theory]
    [InlineData("v1.20.2", 1, 20)]
    [InlineData("v1.36.0-rc.1+k3s1", 1, 36)]
    public void Parse_OfAServersWord_GivesItsNumbers(string name, int major, int minor)
    {
        var version = KubernetesVersion.Parse(name);

        Assert.Equal((major, minor, name), (version.Major, version.Minor, version.Name));
    }

    [Fact]
    public void IsAtLeast_OfMinorVersions_ComparesNumbers()
    {
        var version = KubernetesVersion.Parse("v1.20.2");

        Assert.True(version.IsAtLeast(1, 9));
        Assert.True(version.IsAtLeast(1, 20));
        Assert.False(version.IsAtLeast(1, 100));
    }
}
