using k8s;
using k8s.Models;

namespace Ppma.Api;

/// <summary>A resource of the group, whatever its kind.</summary>
public interface IResource : IKubernetesObject<V1ObjectMeta>;
