using System.ComponentModel.DataAnnotations;
using k8s.Models;

namespace Ppma.Api;

/// <summary>What every resource of the group has: identity, what is wanted, what was observed.</summary>
public abstract class Resource<TSpec, TStatus> : IResource, ISpec<TSpec>, IStatus<TStatus?>
    where TSpec : class, new()
    where TStatus : class
{
    public string ApiVersion { get; set; } = ApiGroup.ApiVersion;

    public string Kind { get; set; } = "";

    [Required]
    public V1ObjectMeta Metadata { get; set; } = new();

    [Required]
    public TSpec Spec { get; set; } = new();

    /// <summary>Written by the operator alone.</summary>
    public TStatus? Status { get; set; }
}
