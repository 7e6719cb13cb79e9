using Ppma.Operator.Hosting;

namespace Ppma.Operator.Tests.Hosting;

public sealed class OperatorProcessTests
{
    [Theory]
    [InlineData(0, "--version")]
    [InlineData(0, "--help")]
    [InlineData(64, "--no-such-setting", "1")]
    [InlineData(64, "--worker-image", "w", "--kubeconfig", "no/such/file")]
    public async Task RunAsync_OfWhatNeedsNoCluster_EndsWithItsExitCode(int exitCode, params string[] args) =>
        Assert.Equal(exitCode, await OperatorProcess.RunAsync(args));
}
