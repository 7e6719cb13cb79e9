using Ppma.Datasets.Stores;

namespace Ppma.Datasets.Tests.Stores;

public class AzureCredentialsTests
{
    private const string Key = "c2VjcmV0LWtleQ==";

    private static readonly AzureLocation Location = AzureLocation.Parse(new Uri("https://films.blob.core.windows.net/sets"));

    [Theory]
    [InlineData("sv=2024&sig=abc%3D", typeof(SasSigner))]
    [InlineData("?sv=2024&sig=abc%3D\n", typeof(SasSigner))]
    [InlineData($"DefaultEndpointsProtocol=https;AccountName=films;AccountKey={Key};EndpointSuffix=core.windows.net", typeof(KeySigner))]
    [InlineData("BlobEndpoint=https://films.blob.core.windows.net/;SharedAccessSignature=sv=2024&sig=abc%3D", typeof(SasSigner))]
    public void SecretFile_WithASecret_SignsWithIt(string content, Type expected)
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["secret"], content);

        AzureSigner signer = AzureCredentials.SecretFile(folder["secret"]).Sign(Location);

        Assert.IsType(expected, signer);
        Assert.Equal(expected.Name, signer.ToString());
    }

    [Theory]
    [InlineData("", "it is empty")]
    [InlineData("s3cret", "it is neither a SAS token nor a connection string")]
    [InlineData("https://films.blob.core.windows.net/?sv=1&sig=s3cret", "it is neither a SAS token nor a connection string")]
    [InlineData("AccountName=films;s3cret", "it is a connection string without AccountName and AccountKey or SharedAccessSignature")]
    [InlineData("AccountName=films;AccountKey=s3cret!", "its AccountKey is not Base64")]
    [InlineData("AccountName=others;AccountKey=s3cret", "it is for the account others, but https://films.blob.core.windows.net/sets/ is of films")]
    public void SecretFile_WithSomethingElse_SaysWhatItShouldHoldAndNotWhatItHolds(string content, string problem)
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["secret"], content);

        var refused = Assert.Throws<StoreException>(() => AzureCredentials.SecretFile(folder["secret"]).Sign(Location));

        Assert.Equal(StoreFailure.PermissionDenied, refused.Failure);
        Assert.StartsWith($"{folder["secret"]}: the secret file cannot be used: {problem}. ", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", refused.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void SecretFile_Missing_NamesThePath()
    {
        using var folder = new TempFolder();

        var refused = Assert.Throws<StoreException>(() => AzureCredentials.SecretFile(folder["secret"]).Sign(Location));

        Assert.StartsWith($"{folder["secret"]}: the secret file cannot be read", refused.Message, StringComparison.Ordinal);
        Assert.Contains("a SAS token (sv=…&sig=…), or a connection string", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SecretFile_LargeFile_IsNotRead()
    {
        using var folder = new TempFolder();
        File.WriteAllBytes(folder["secret"], new byte[100_000]);

        Assert.Contains(
            "it has 100000 bytes", Assert.Throws<StoreException>(() => AzureCredentials.SecretFile(folder["secret"]).Sign(Location)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void WorkloadIdentity_VariableMissing_NamesIt()
    {
        var values = new Dictionary<string, string?> { ["AZURE_CLIENT_ID"] = "client", ["AZURE_FEDERATED_TOKEN_FILE"] = "/var/run/token" };

        var refused = Assert.Throws<StoreException>(() => WorkloadIdentityVariables.Credential(values.GetValueOrDefault));

        Assert.Equal(StoreFailure.PermissionDenied, refused.Failure);
        Assert.StartsWith("workload identity: AZURE_TENANT_ID not set. Label the pod", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WorkloadIdentity_TokenFileMissing_NamesIt()
    {
        var values = new Dictionary<string, string?>
        {
            ["AZURE_CLIENT_ID"] = "client",
            ["AZURE_TENANT_ID"] = "tenant",
            ["AZURE_FEDERATED_TOKEN_FILE"] = "/nowhere/token",
        };

        var refused = Assert.Throws<StoreException>(() => WorkloadIdentityVariables.Credential(values.GetValueOrDefault));

        Assert.Contains("there is no file /nowhere/token, which AZURE_FEDERATED_TOKEN_FILE names", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Token_OverHttp_IsRefused()
    {
        AzureLocation plain = AzureLocation.Parse(new Uri("http://127.0.0.1:10000/dev/sets"));

        var refused = Assert.Throws<StoreException>(() => AzureCredentials.AzureCli.Sign(plain));

        Assert.StartsWith("http://127.0.0.1:10000/dev/sets/: AzureCli sends a token, which http would show", refused.Message, StringComparison.Ordinal);
    }
}
