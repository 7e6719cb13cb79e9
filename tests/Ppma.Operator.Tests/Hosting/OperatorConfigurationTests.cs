using System.Collections;
using Ppma.Operator.Hosting;

namespace Ppma.Operator.Tests.Hosting;

public sealed class OperatorConfigurationTests : IDisposable
{
    private readonly string _file = Path.Combine(Path.GetTempPath(), $"ppma-settings-{Guid.NewGuid():N}.json");

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void Read_OfTheImageAlone_TakesDefaults()
    {
        OperatorOptions options = Read("--worker-image", "worker:1");

        Assert.Equal(new OperatorOptions { WorkerImage = "worker:1" }, options);
    }

    [Fact]
    public void Read_OfAllThreeWays_LetsTheLaterWin()
    {
        File.WriteAllText(_file, """{"workerImage": "file", "workers": 2, "burst": 2000}""");
        var environment = new Hashtable { ["PPMA_OPERATOR__WORKERS"] = "3", ["PPMA_OPERATOR__CONFIG"] = _file, ["PPMA_OPERATOR__WORKERIMAGE"] = "environment" };

        OperatorOptions options = OperatorConfiguration.Read(["--worker-image=command-line"], environment);

        Assert.Equal(("command-line", 3, 2000), (options.WorkerImage, options.Workers, options.Burst));
    }

    [Fact]
    public void Read_OfTheVariablesThatAServiceBrings_IgnoresThem()
    {
        var environment = new Hashtable { ["PPMA_OPERATOR_PORT"] = "tcp://10.0.0.1:8080", ["PPMA_OPERATOR_SERVICE_HOST"] = "10.0.0.1" };

        Assert.Equal(8080, OperatorConfiguration.Read(["--worker-image=w"], environment).Port);
    }

    [Theory]
    [InlineData("--worker-imag=w", "\"workerimag\"")]
    [InlineData("--workers=many", "workers (PPMA_OPERATOR__WORKERS, --workers) is \"many\"; it must be a whole number")]
    [InlineData("--workers=0", "workers (PPMA_OPERATOR__WORKERS, --workers) is 0; it must be from 1 to 256")]
    [InlineData("--real-humans=Sometimes", "realHumans (PPMA_OPERATOR__REALHUMANS, --real-humans) is \"Sometimes\"; it must be one of Allowed, Never")]
    [InlineData("--log-format=7", "one of Auto, Json, Text")]
    [InlineData("--renew-deadline-seconds=15", "RenewDeadline")]
    [InlineData("--namespace=Team_A", "\"Team_A\", which is no name of a namespace")]
    [InlineData("--forbid-real-humans-in=good,Not.Good", "\"Not.Good\"")]
    [InlineData("--worker-image=", "workerImage (PPMA_OPERATOR__WORKERIMAGE, --worker-image) is missing")]
    [InlineData("--config=/no/such/file.json", "/no/such/file.json")]
    [InlineData("team-a", "\"team-a\" is no option")]
    [InlineData("--namespace", "--namespace has no value")]
    public void Read_OfWhatIsNotSound_NamesTheSettingAndTheFix(string argument, string named)
    {
        var refused = Assert.Throws<OperatorSettingsException>(() => Read("--worker-image=w", argument));

        Assert.Contains(named, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_OfSeveralMistakes_TellsThemAll()
    {
        var refused = Assert.Throws<OperatorSettingsException>(() => Read("--workers=0", "--port=70000"));

        Assert.Equal(3, refused.Message.Split('\n').Length);
    }

    [Fact]
    public void Read_OfABrokenFile_NamesIt()
    {
        File.WriteAllText(_file, "{");

        var refused = Assert.Throws<OperatorSettingsException>(() => Read($"--config={_file}"));

        Assert.Contains(_file, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Usage_OfTheProgram_ListsEverySettingByBothNames()
    {
        string usage = OperatorConfiguration.Usage();

        Assert.Contains("--lease-duration-seconds", usage, StringComparison.Ordinal);
        Assert.Contains("PPMA_OPERATOR__LEASEDURATIONSECONDS", usage, StringComparison.Ordinal);
    }

    private static OperatorOptions Read(params string[] args) => OperatorConfiguration.Read(args, new Hashtable());
}
