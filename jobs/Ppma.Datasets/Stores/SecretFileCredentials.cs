using Azure;
using Azure.Storage;

namespace Ppma.Datasets.Stores;

/// <summary>A connection string or a SAS token in a mounted file.</summary>
internal sealed class SecretFileCredentials : AzureCredentials
{
    private const string Contents =
        "It should hold one line: a SAS token (sv=…&sig=…), or a connection string (AccountName=…;AccountKey=… or SharedAccessSignature=…)";

    // Longer than any of them; a video named by mistake is not read whole.
    private const int LongestBytes = 1 << 16;

    private readonly string _path;
    private readonly string? _name;

    public SecretFileCredentials(string path, string? name)
    {
        _name = name;
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        _path = Path.GetFullPath(path);
    }

    internal override string Advice => $"Put a secret that allows it, and has not expired, into {_name ?? _path}";

    public override string ToString() => _name ?? $"{nameof(SecretFile)}({_path})";

    internal override AzureSigner Sign(AzureLocation location)
    {
        string secret = Read();
        if (!secret.Contains(';', StringComparison.Ordinal))
        {
            return SasSigner(secret);
        }

        Dictionary<string, string> fields = Fields(secret);
        if (fields.TryGetValue("SharedAccessSignature", out string? token))
        {
            return SasSigner(token);
        }

        if (!fields.TryGetValue("AccountName", out string? account) || !fields.TryGetValue("AccountKey", out string? key))
        {
            throw Unusable("it is a connection string without AccountName and AccountKey or SharedAccessSignature");
        }

        if (account != location.Account)
        {
            throw Unusable($"it is for the account {account}, but {location.Folder} is of {location.Account}", "Use the file of that account");
        }

        try
        {
            return new KeySigner(new StorageSharedKeyCredential(account, key), secret);
        }
        catch (FormatException)
        {
            throw Unusable("its AccountKey is not Base64");
        }
    }

    private string Read()
    {
        string text;
        try
        {
            using var file = new FileStream(_path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            if (file.Length > LongestBytes)
            {
                throw Unusable($"it has {file.Length} bytes");
            }

            using var reader = new StreamReader(file);
            text = reader.ReadToEnd().Trim();
        }
        catch (Exception problem) when (problem is (IOException or UnauthorizedAccessException) and not StoreException)
        {
            throw new StoreException(StoreFailure.PermissionDenied, _path, $"the secret file cannot be read ({problem.Message})", Contents, problem);
        }

        return text.Length == 0 ? throw Unusable("it is empty") : text;
    }

    private SasSigner SasSigner(string text)
    {
        string token = text.TrimStart('?');
        return token.Split('&').Any(field => field.StartsWith("sig=", StringComparison.Ordinal)) && !token.Any(char.IsWhiteSpace) && !token.Contains("://", StringComparison.Ordinal)
            ? new SasSigner(new AzureSasCredential(token), token)
            : throw Unusable("it is neither a SAS token nor a connection string");
    }

    private static Dictionary<string, string> Fields(string secret)
    {
        var fields = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (string field in secret.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            // Keys end in '=' too.
            int equals = field.IndexOf('=', StringComparison.Ordinal);
            fields[equals < 0 ? field : field[..equals]] = equals < 0 ? "" : field[(equals + 1)..];
        }

        return fields;
    }

    private StoreException Unusable(string problem, string fix = Contents) => new(StoreFailure.PermissionDenied, _path, $"the secret file cannot be used: {problem}", fix);
}
