using System.ComponentModel.DataAnnotations;

namespace Ppma.Api;

/// <summary>A resource in the same namespace.</summary>
public sealed record ResourceReference
{
    /// <summary>Its name.</summary>
    [Required, MaxLength(253), RegularExpression(NameRules.Subdomain)]
    public string Name { get; init; } = "";
}
