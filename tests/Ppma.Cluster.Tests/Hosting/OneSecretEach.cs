using k8s.Models;
using Ppma.Controllers;
using Ppma.Controllers.Caching;
using Ppma.Controllers.Reconciling;
using Ppma.Controllers.Requests;

namespace Ppma.Cluster.Tests.Hosting;

/// <summary>The smallest controller: for each ConfigMap of the label there is one Secret of its name.</summary>
internal sealed class OneSecretEach(IResourceCache<V1ConfigMap> maps, IResources<V1Secret> secrets) : IReconciler<V1ConfigMap>
{
    public const string Label = "test=runtime";

    public async Task<ReconcileResult> ReconcileAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        if (maps.Find(key) is { } map && secrets.OwnedBy(map.Metadata.Uid).Count == 0)
        {
            try
            {
                await secrets.CreateAsync(SecretOf(map), cancellationToken);
            }
            catch (ApiException taken) when (taken.AlreadyExists)
            {
                // By an earlier try, whose answer was lost, or the name is somebody else's.
                var there = await secrets.ReadAsync(key, cancellationToken);
                if (there?.Metadata.OwnerReferences?[0].Uid != map.Metadata.Uid)
                {
                    throw;
                }
            }
        }

        return ReconcileResult.Done;
    }

    private static V1Secret SecretOf(V1ConfigMap map) => new()
    {
        Metadata = new V1ObjectMeta
        {
            Name = map.Metadata.Name,
            NamespaceProperty = map.Metadata.NamespaceProperty,
            Labels = new Dictionary<string, string> { ["test"] = "runtime" },
            OwnerReferences = [new V1OwnerReference { ApiVersion = "v1", Kind = "ConfigMap", Name = map.Metadata.Name, Uid = map.Metadata.Uid, Controller = true }],
        },
    };
}
