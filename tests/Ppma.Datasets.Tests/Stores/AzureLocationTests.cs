using CsCheck;
using Ppma.Datasets.Stores;

namespace Ppma.Datasets.Tests.Stores;

public class AzureLocationTests
{
    [Theory]
    [InlineData("https://films.blob.core.windows.net/sets", "films", "https://films.blob.core.windows.net/sets", "")]
    [InlineData("https://films.blob.core.windows.net/sets/uk%20400/train/", "films", "https://films.blob.core.windows.net/sets", "uk 400/train/")]
    [InlineData("http://127.0.0.1:10000/dev/sets/a", "dev", "http://127.0.0.1:10000/dev/sets", "a/")]
    [InlineData("http://localhost:10000/dev/sets/a", "dev", "http://localhost:10000/dev/sets", "a/")]
    [InlineData("http://azurite:10000/dev/sets", "dev", "http://azurite:10000/dev/sets", "")]
    [InlineData("http://azurite.data.svc:10000/dev/sets", "dev", "http://azurite.data.svc:10000/dev/sets", "")]
    [InlineData("http://azurite.data.svc.cluster.local/dev/sets", "dev", "http://azurite.data.svc.cluster.local/dev/sets", "")]
    [InlineData("https://10.0.0.7/dev/sets", "dev", "https://10.0.0.7/dev/sets", "")]
    public void Parse_Uri_FindsAccountContainerAndPrefix(string uri, string account, string container, string prefix)
    {
        AzureLocation location = AzureLocation.Parse(new Uri(uri));

        Assert.Equal((account, container, prefix), (location.Account, location.Container.AbsoluteUri, location.Prefix));
        Assert.EndsWith("/", location.Folder.AbsoluteUri, StringComparison.Ordinal);
        Assert.Equal("sets", location.ContainerName);
        Assert.StartsWith(location.Service.AbsoluteUri, container, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://films.blob.core.windows.net/sets", "http would show data and tokens")]
    [InlineData("http://10.0.0.7/dev/sets", "http would show data and tokens")]
    [InlineData("https://films.blob.core.windows.net/", "names no container")]
    [InlineData("http://azurite:10000/dev", "names no account and container")]
    [InlineData("https://films.blob.core.windows.net/sets#part", "carries more than a place")]
    public void Parse_UriThatCannotBe_SaysWhy(string uri, string problem)
    {
        var refused = Assert.Throws<StoreException>(() => AzureLocation.Parse(new Uri(uri)));

        Assert.Equal(StoreFailure.UnsupportedUri, refused.Failure);
        Assert.Contains(problem, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://films.blob.core.windows.net/sets?sv=1&sig=s3cret")]
    [InlineData("https://me:s3cret@films.blob.core.windows.net/sets")]
    public void Open_UriWithASecret_IsRefusedWithoutRepeatingIt(string uri)
    {
        var refused = Assert.Throws<StoreException>(() => BlobStore.Open(uri));

        Assert.StartsWith("https://films.blob.core.windows.net/sets: the URI carries more than a place", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", refused.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void AddressOf_AnyName_IsOneAddressThatGivesItBack() =>
        Gen.String[Gen.Char["aZ09 %#?&+=é日/~'()*;,@!$[]"], 1, 30].Where(BlobName.IsSafe).Sample(name =>
        {
            AzureLocation location = AzureLocation.Parse(new Uri("https://films.blob.core.windows.net/sets/a%25b"));

            Uri address = location.AddressOf(name);

            Assert.Equal("", address.Query + address.Fragment);
            Assert.Equal($"/sets/a%b/{name}", Uri.UnescapeDataString(address.AbsolutePath));
        });
}
