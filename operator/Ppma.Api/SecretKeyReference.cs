using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Ppma.Api;

/// <summary>One key of a Secret in the same namespace; mounted as a file, never read by the operator.</summary>
public sealed record SecretKeyReference
{
    /// <summary>The Secret.</summary>
    [Required, MaxLength(253), RegularExpression(NameRules.Subdomain)]
    public string Name { get; init; } = "";

    /// <summary>The key in it.</summary>
    [Required, MaxLength(253), RegularExpression(NameRules.SecretKey)]
    public string Key { get; init; } = "";

    /// <summary>How tasks name it: <c>secret/key</c>, the file's path below the folder in which Secrets are mounted.</summary>
    [JsonIgnore]
    public string Reference => $"{Name}/{Key}";
}
