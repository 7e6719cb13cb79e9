using Ppma.Controllers;
using Ppma.Operator.Pods;
using Ppma.Operator.Progress;

namespace Ppma.Operator.Tests.Progress;

public sealed class ProgressTargetTests
{
    [Fact]
    public void Of_RunningPod_IsAskedAtItsOwnAddressAndNamedPort()
    {
        var target = ProgressTarget.Of(RunningPod.Of("vit", port: 9464, address: "10.1.2.3", attempt: 3));

        Assert.Equal(
            new ProgressTarget(new AttemptKey("uid-of-vit", "mae", 3), "PretrainRun", new ObjectKey("team", "vit"), new Uri("http://10.1.2.3:9464/progress")),
            target);
    }

    [Fact]
    public void Of_AddressOfVersionSix_IsAsked() =>
        Assert.Equal(new Uri("http://[fd00::7]:9464/progress"), ProgressTarget.Of(RunningPod.Of("vit", 9464, "fd00::7"))!.Uri);

    [Theory]
    [InlineData("169.254.169.254")]
    [InlineData("::ffff:169.254.169.254")]
    [InlineData("fe80::1")]
    [InlineData("224.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("0.0.0.0")]
    [InlineData("::")]
    [InlineData("metadata.internal")]
    [InlineData("")]
    public void Of_AddressThatNoPodHas_IsNotAsked(string address) => Assert.Null(ProgressTarget.Of(RunningPod.Of("vit", 9464, address)));

    [Theory]
    [InlineData("Pending")]
    [InlineData("Succeeded")]
    [InlineData("Failed")]
    public void Of_PodThatDoesNotRun_IsNotAsked(string phase) => Assert.Null(ProgressTarget.Of(RunningPod.Of("vit", 9464, phase: phase)));

    [Fact]
    public void Of_VerificationOfADataset_IsNotAsked() => Assert.Null(ProgressTarget.Of(RunningPod.Of("clips", 9464, kind: "VideoDataset")));

    [Theory]
    [InlineData(Labels.Uid)]
    [InlineData(Labels.Stage)]
    [InlineData(Labels.Attempt)]
    public void Of_PodWithoutALabel_IsNotAsked(string label)
    {
        var pod = RunningPod.Of("vit", 9464);
        pod.Metadata.Labels.Remove(label);

        Assert.Null(ProgressTarget.Of(pod));
    }

    [Fact]
    public void Of_PodWithoutTheNamedPort_IsNotAsked()
    {
        var pod = RunningPod.Of("vit", 9464);
        pod.Spec.Containers[0].Ports.RemoveAt(1);

        Assert.Null(ProgressTarget.Of(pod));
    }
}
