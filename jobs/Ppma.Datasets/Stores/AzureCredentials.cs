using Azure.Identity;

namespace Ppma.Datasets.Stores;

/// <summary>
/// Who asks Azure. Chosen by name: a chain of guesses picks another identity on another machine, and fails slowly. No secret is ever
/// part of a message or of <see cref="object.ToString"/>.
/// </summary>
public abstract class AzureCredentials
{
    private protected AzureCredentials()
    {
    }

    /// <summary>Nobody: containers that are open to all.</summary>
    public static AzureCredentials Anonymous { get; } = new AnonymousCredentials();

    /// <summary>The account that <c>az login</c> left on this machine; for laptops.</summary>
    public static AzureCredentials AzureCli { get; } = new TokenCredentials(
        nameof(AzureCli), () => new AzureCliCredential(),
        "Run 'az login', and give the account the role Storage Blob Data Reader (Contributor to write) on the container");

    /// <summary>
    /// The pod's workload identity, from the variables that its webhook sets: AZURE_CLIENT_ID, AZURE_TENANT_ID and
    /// AZURE_FEDERATED_TOKEN_FILE.
    /// </summary>
    public static AzureCredentials WorkloadIdentity { get; } = new TokenCredentials(
        nameof(WorkloadIdentity), () => WorkloadIdentityVariables.Credential(Environment.GetEnvironmentVariable),
        "Give the identity the role Storage Blob Data Reader (Contributor to write) on the container");

    /// <summary>
    /// A mounted file that holds a connection string or a SAS token (with or without '?'). It is read again when the service refuses what
    /// it held, so a rotated token takes effect without a restart.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="name">How messages call what is in it, for people who know it by another name than the file's.</param>
    public static AzureCredentials SecretFile(string path, string? name = null) => new SecretFileCredentials(path, name);

    /// <summary>What to do when the service refuses them.</summary>
    internal abstract string Advice { get; }

    /// <summary>What signs requests to the place now.</summary>
    /// <exception cref="StoreException">There is nothing usable (<see cref="StoreFailure.PermissionDenied"/>).</exception>
    internal abstract AzureSigner Sign(AzureLocation location);
}
