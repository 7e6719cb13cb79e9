using k8s.Models;
using Microsoft.Extensions.DependencyInjection;
using Ppma.Api.Datasets;
using Ppma.Controllers;
using Ppma.Controllers.Caching;
using Ppma.Controllers.Hosting;
using Ppma.Controllers.Requests;
using Ppma.Operator.Pods;
using Ppma.Operator.Runs;

namespace Ppma.Operator.Datasets;

/// <summary>The controller of VideoDatasets.</summary>
internal static class DatasetsRegistration
{
    /// <summary>
    /// Reconciles data sets. They, Jobs and Pods have to be watched, ConfigMaps written; <see cref="RunOptions"/>, <see cref="PodReview"/>,
    /// <see cref="PodSettings"/> and <see cref="IObjectEvents"/> have to be services.
    /// </summary>
    public static ControllersBuilder AddDatasets(this ControllersBuilder builder)
    {
        builder.Services.AddSingleton<DatasetReader>();
        builder.Services.AddSingleton(services => new DatasetActions(
            services.GetRequiredService<IResources<V1Job>>(),
            services.GetRequiredService<IResourceCache<V1Pod>>(),
            services.GetRequiredService<IResources<V1ConfigMap>>(),
            services.GetRequiredService<PodReview>(),
            services.GetRequiredService<PodSettings>(),
            services.GetRequiredService<RunOptions>().WorkerImage));
        return builder.Reconcile<VideoDataset, VideoDatasetReconciler>(triggers => triggers.Owns<V1Job>().From<V1Pod>(DatasetOf));
    }

    // A pod belongs to a Job; whose Job it is stands in its labels.
    private static IEnumerable<ObjectKey> DatasetOf(V1Pod pod) =>
        pod.Metadata.Labels?.TryGetValue(Labels.Kind, out var kind) == true && kind == VideoDataset.KindName
        && pod.Metadata.Annotations?.TryGetValue(Labels.Name, out var name) == true
            ? [new ObjectKey(pod.Metadata.NamespaceProperty ?? "", name!)] : [];
}
