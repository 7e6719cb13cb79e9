using Azure.Core;
using Azure.Identity;

namespace Ppma.Datasets.Stores;

/// <summary>An identity whose tokens Azure.Identity gets and renews.</summary>
internal sealed class TokenCredentials(string name, Func<TokenCredential> create, string advice) : AzureCredentials
{
    // One for the process: it caches the token for all data sets.
    private readonly Lazy<TokenSigner> _signer = new(() => new TokenSigner(create()));

    internal override string Advice => advice;

    public override string ToString() => name;

    internal override AzureSigner Sign(AzureLocation location)
    {
        if (location.Folder.Scheme != Uri.UriSchemeHttps)
        {
            throw new StoreException(
                StoreFailure.PermissionDenied, location.Folder.AbsoluteUri, $"{name} sends a token, which http would show to the network",
                "Use https, or a secret file with an emulator's connection string");
        }

        return _signer.Value;
    }
}

internal sealed class AnonymousCredentials : AzureCredentials
{
    internal override string Advice => "Name credentials: a secret file, workload identity or the Azure CLI";

    public override string ToString() => nameof(Anonymous);

    internal override AzureSigner Sign(AzureLocation location) => new AnonymousSigner();
}

/// <summary>What the webhook of Azure Workload Identity puts into a pod.</summary>
internal static class WorkloadIdentityVariables
{
    private static readonly string[] Names = ["AZURE_CLIENT_ID", "AZURE_TENANT_ID", "AZURE_FEDERATED_TOKEN_FILE"];

    public static TokenCredential Credential(Func<string, string?> variable)
    {
        string[] values = [.. Names.Select(name => variable(name) ?? "")];
        string missing = string.Join(", ", Names.Where((_, index) => values[index].Length == 0));
        if (missing.Length > 0)
        {
            throw Denied($"{missing} not set");
        }

        if (!File.Exists(values[2]))
        {
            throw Denied($"there is no file {values[2]}, which {Names[2]} names");
        }

        return new WorkloadIdentityCredential(new WorkloadIdentityCredentialOptions
        {
            ClientId = values[0],
            TenantId = values[1],
            TokenFilePath = values[2],
        });
    }

    private static StoreException Denied(string problem) => new(
        StoreFailure.PermissionDenied, "workload identity", problem,
        "Label the pod azure.workload.identity/use: \"true\" and annotate its service account with azure.workload.identity/client-id, so that the webhook sets them");
}
