using Ppma.Api.Validation;

namespace Ppma.Api.Tests.Validation;

/// <summary>What a data set's URI may be; the stores that read it take and refuse the same.</summary>
public sealed class BlobUriRulesTests
{
    [Theory]
    [InlineData("https://account.blob.core.windows.net/clips")]
    [InlineData("https://account.blob.core.windows.net/clips/")]
    [InlineData("https://account.blob.core.windows.net/clips/sets/context%23v1")]
    [InlineData("https://account.blob.core.windows.net/$root/context")]
    [InlineData("https://videos.example.org/clips/context")]
    [InlineData("http://127.0.0.1:10000/account/clips")]
    [InlineData("http://[::1]:10000/account/clips")]
    [InlineData("http://localhost:10000/account/clips/context")]
    [InlineData("http://azurite/account/clips")]
    [InlineData("http://azurite.storage.svc:10000/account/clips")]
    [InlineData("http://azurite.storage.svc.cluster.local/account/clips")]
    [InlineData("http://azurite.local/account/clips")]
    [InlineData("https://10.0.0.4/account/clips")]
    public void Problem_PlaceInBlobStorage_IsNone(string uri) => Assert.Null(BlobUriRules.Problem(uri, "fix"));

    [Theory]
    [InlineData("http://account.blob.core.windows.net/clips", "would show data and tokens")]
    [InlineData("http://10.0.0.4/account/clips", "would show data and tokens")]
    [InlineData("http://svc.example.org/account/clips", "would show data and tokens")]
    [InlineData("https://account.blob.core.windows.net", "names no container")]
    [InlineData("https://account.blob.core.windows.net//", "names no container")]
    [InlineData("http://127.0.0.1:10000/account", "names no account and container")]
    [InlineData("https://account.blob.core.windows.net/Clips", "cannot be a container")]
    [InlineData("https://account.blob.core.windows.net/ab", "cannot be a container")]
    [InlineData("https://account.blob.core.windows.net/clips--old", "cannot be a container")]
    [InlineData("https://account.blob.core.windows.net/clips/../other", "write the whole path")]
    [InlineData("https://account.blob.core.windows.net/clips?sv=1&sig=SECRET", "carries more than a place")]
    [InlineData("https://user:SECRET@account.blob.core.windows.net/clips", "carries more than a place")]
    [InlineData("https://account.blob.core.windows.net/clips#SECRET", "carries more than a place")]
    [InlineData("abfss://clips@account/context?sig=SECRET", "is not a place; fix")]
    public void Problem_AnythingElse_IsSaidWithoutRepeatingSecrets(string uri, string words)
    {
        var problem = BlobUriRules.Problem(uri, "fix");

        Assert.Contains(words, problem, StringComparison.Ordinal);
        Assert.DoesNotContain("SECRET", problem, StringComparison.Ordinal);
    }
}
