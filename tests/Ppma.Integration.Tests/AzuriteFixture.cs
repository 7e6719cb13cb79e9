using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using Azure.Storage.Blobs;
using Ppma.Integration.Tests;
using Ppma.Testing;

[assembly: AssemblyFixture(typeof(AzuriteFixture))]

namespace Ppma.Integration.Tests;

/// <summary>One Azurite for all tests of this program. A test class asks for it in its constructor.</summary>
public sealed class AzuriteFixture : IAsyncLifetime
{
    private readonly TempFolder _folder = new("integration");
    private AzuriteServer? _server;

    public AzuriteServer Server => _server ?? throw new InvalidOperationException("Azurite has not been started.");

    /// <summary>A file with the account's connection string. Its endpoint is not looked at, so it serves proxies too.</summary>
    public string SecretFile => Path.Combine(_folder.Path, "connection");

    public async ValueTask InitializeAsync()
    {
        _server = await AzuriteServer.StartAsync();
        await File.WriteAllTextAsync(SecretFile, _server.ConnectionString);
    }

    public async ValueTask DisposeAsync()
    {
        _folder.Dispose();
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    /// <summary>A container of the calling test's own. Its name depends on the test's name alone, so that seeded faults repeat.</summary>
    public Task<BlobContainerClient> CreateContainerAsync([CallerMemberName] string test = "") =>
        Server.CreateContainerAsync(ContainerName(test), TestContext.Current.CancellationToken);

    /// <summary>Lower case letters, digits and a hyphen, at most 63.</summary>
    public static string ContainerName(string test)
    {
        string name = new([.. test.Where(char.IsAsciiLetterOrDigit).Select(char.ToLowerInvariant).Take(55)]);
        return $"{name}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(test)))[..6]}";
    }
}
