using System.Net;
using Ppma.Api.Tasks;
using Ppma.Worker.Hosting;

namespace Ppma.Worker.Tests.Hosting;

public sealed class WorkerOptionsTests
{
    [Fact]
    public void Parse_OnALaptop_ListensOnLoopbackAt9464()
    {
        WorkerOptions options = Parse(["--task", "t.json"]);

        Assert.Equal(("t.json", 9464, 1), (options.TaskFile, options.Port, options.Attempt));
        Assert.Equal(IPAddress.Loopback, options.Address);
    }

    [Fact]
    public void Parse_InAPod_ListensOnAllAddresses() =>
        Assert.Equal(IPAddress.Any, Parse(["--task", "t.json"], ("KUBERNETES_SERVICE_HOST", "10.0.0.1")).Address);

    [Fact]
    public void Parse_PortOnTheCommandLine_WinsOverTheEnvironment()
    {
        Assert.Equal(1234, Parse(["--task", "t.json"], ("PPMA_METRICS_PORT", "1234")).Port);
        Assert.Equal(0, Parse(["--task", "t.json", "--port", "0"], ("PPMA_METRICS_PORT", "1234")).Port);
    }

    [Theory]
    [InlineData("'--task' is missing")]
    [InlineData("'--port' needs a value", "--task", "t.json", "--port")]
    [InlineData("'--colour'", "--colour", "red")]
    [InlineData("--port is '70000'", "--task", "t.json", "--port", "70000")]
    [InlineData("--port is '-1'", "--task", "t.json", "--port", "-1")]
    public void Parse_WrongArguments_Is64NamingTheOption(string words, params string[] args)
    {
        var failure = Assert.Throws<TaskFailedException>(() => Parse(args));

        Assert.Equal(ExitCodes.BadSpec, failure.ExitCode);
        Assert.Contains(words, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_PeakOfTheDevice_IsTakenAsTeraflops() =>
        Assert.Equal(989.4, Parse(["--task", "t.json"], ("PPMA_PEAK_TFLOPS", "989.4")).PeakTeraflops);

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("1e3")]
    [InlineData("fast")]
    public void Parse_PeakThatIsNone_Is64NamingTheVariable(string peak)
    {
        var failure = Assert.Throws<TaskFailedException>(() => Parse(["--task", "t.json"], ("PPMA_PEAK_TFLOPS", peak)));

        Assert.Equal(ExitCodes.BadSpec, failure.ExitCode);
        Assert.Contains($"PPMA_PEAK_TFLOPS is '{peak}'", failure.Message, StringComparison.Ordinal);
    }

    private static WorkerOptions Parse(string[] args, params (string Name, string Value)[] environment) =>
        WorkerOptions.Parse(args, name => environment.FirstOrDefault(pair => pair.Name == name).Value);
}
