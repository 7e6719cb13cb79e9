using System.ComponentModel.DataAnnotations;
using k8s.Models;

namespace Ppma.Api;

/// <summary>What every resource of the group has: identity, what is wanted, what was observed.</summary>
public abstract class Resource<TSpec, TStatus> : IResource, ISpec<TSpec>, IStatus<TStatus?>
    where TSpec : class, new()
    where TStatus : class
{
    /// <summary>Group and version, ppma.cloud/v1alpha1.</summary>
    public string ApiVersion { get; set; } = ApiGroup.ApiVersion;

    /// <summary>What kind of resource it is.</summary>
    public string Kind { get; set; } = "";

    /// <summary>Name, namespace, labels.</summary>
    [Required]
    public V1ObjectMeta Metadata { get; set; } = new();

    /// <summary>What is wanted.</summary>
    [Required]
    public TSpec Spec { get; set; } = new();

    /// <summary>What was observed; written by the operator alone.</summary>
    public TStatus? Status { get; set; }
}
