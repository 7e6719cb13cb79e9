using Ppma.Api.Tasks;
using Ppma.Datasets.Stores;
using Ppma.Worker.Data;

namespace Ppma.Worker.Tests.Data;

public sealed class DataPlaneOptionsTests
{
    [Fact]
    public void Parse_NothingGiven_IsALaptop()
    {
        DataPlaneOptions options = Parse(("HOME", "/users/ada"));

        Assert.Equal(new DataPlaneOptions { CacheFolder = "/users/ada/.cache/ppma" }, options);
        Assert.Same(AzureCredentials.AzureCli, options.OwnIdentity);
    }

    [Fact]
    public void Parse_FederatedToken_MeansWorkloadIdentity() =>
        Assert.Same(AzureCredentials.WorkloadIdentity, Parse(("AZURE_FEDERATED_TOKEN_FILE", "/var/run/token")).OwnIdentity);

    [Fact]
    public void Parse_CacheOfTheDesktop_IsUsed() =>
        Assert.Equal("/caches/ppma", Parse(("XDG_CACHE_HOME", "/caches"), ("HOME", "/users/ada")).CacheFolder);

    [Fact]
    public void Parse_OfItsOwnEnvironment_GivesTheSame()
    {
        DataPlaneOptions options = Parse(
            ("PPMA_CREDENTIALS", "/secrets"), ("PPMA_CACHE", "/cache"), ("PPMA_CACHE_BYTES", "20GiB"), ("PPMA_MEMORY_BYTES", "500MB"), ("PPMA_RANGES_IN_FLIGHT", "4"));

        Assert.Equal((20L << 30, 500_000_000, 4), (options.CacheBytes, options.MemoryBytes, options.RangesInFlight));
        Assert.Equal(options, Parse([.. options.ToEnvironment()]));
    }

    [Theory]
    [InlineData("PPMA_CACHE_BYTES", "much", "a number of bytes such as")]
    [InlineData("PPMA_MEMORY_BYTES", "0", "a number of bytes such as")]
    [InlineData("PPMA_RANGES_IN_FLIGHT", "0", "from 1 to 1024")]
    [InlineData("PPMA_RANGES_IN_FLIGHT", "1025", "from 1 to 1024")]
    public void Parse_WrongValue_Is64NamingTheVariable(string name, string value, string words)
    {
        var failure = Assert.Throws<TaskFailedException>(() => Parse((name, value)));

        Assert.Equal(ExitCodes.BadSpec, failure.ExitCode);
        Assert.StartsWith($"{name} is '{value}'", failure.Message, StringComparison.Ordinal);
        Assert.Contains(words, failure.Message, StringComparison.Ordinal);
    }

    private static DataPlaneOptions Parse(params (string Name, string Value)[] environment) =>
        DataPlaneOptions.Parse(name => environment.FirstOrDefault(pair => pair.Name == name).Value);
}
