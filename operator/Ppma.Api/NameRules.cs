namespace Ppma.Api;

/// <summary>Patterns and lengths of names, shared by the types, the validation and the schemas made from the types.</summary>
public static class NameRules
{
    /// <summary>RFC 1123 label: what Kubernetes takes as part of a host name.</summary>
    public const string Label = "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$";

    /// <summary>RFC 1123 subdomain: what Kubernetes takes as a resource name.</summary>
    public const string Subdomain = @"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$";

    /// <summary>Key of a Secret, which becomes the name of a file.</summary>
    public const string SecretKey = @"^\.?[-_a-zA-Z0-9][-._a-zA-Z0-9]*$";

    /// <summary>SHA-256 in lower-case hex.</summary>
    public const string Sha256 = "^[0-9a-f]{64}$";

    /// <summary>Room for <c>-&lt;stage&gt;-&lt;h6&gt;-a&lt;attempt&gt;</c> within the 63 characters of a label.</summary>
    public const int RunNameLength = 52;

    public const int StageNameLength = 12;
}
