using k8s.Models;
using Microsoft.Extensions.DependencyInjection;
using Ppma.Api;
using Ppma.Api.Datasets;
using Ppma.Api.Evaluation;
using Ppma.Api.Pretraining;
using Ppma.Controllers;
using Ppma.Controllers.Caching;
using Ppma.Controllers.Hosting;
using Ppma.Controllers.Requests;

namespace Ppma.Operator.Runs;

/// <summary>The controllers of PretrainRuns and EvalRuns.</summary>
internal static class RunsRegistration
{
    /// <summary>
    /// Reconciles runs. They (<see cref="ByInputs"/>), Jobs, Pods and VideoDatasets have to be watched, ConfigMaps written; <see cref="RunOptions"/>,
    /// <see cref="Pods.PodSettings"/>, <see cref="IObjectEvents"/> and <see cref="Progress.IProgressSource"/> have to be services.
    /// </summary>
    public static ControllersBuilder AddRuns(this ControllersBuilder builder)
    {
        builder.Services.AddSingleton(services => new RunResources
        {
            Datasets = services.GetRequiredService<IResourceCache<VideoDataset>>(),
            PretrainRuns = services.GetRequiredService<IResourceCache<PretrainRun>>(),
            EvalRuns = services.GetRequiredService<IResourceCache<EvalRun>>(),
            Jobs = services.GetRequiredService<IResources<V1Job>>(),
            Pods = services.GetRequiredService<IResources<V1Pod>>(),
            ConfigMaps = services.GetRequiredService<IResources<V1ConfigMap>>(),
        });
        builder.Services.AddSingleton<RunReader>();
        builder.Services.AddSingleton<RunJobs>();
        builder.Services.AddSingleton<PodReview>();
        builder.Services.AddSingleton<RunActions>();
        builder.Services.AddSingleton<RunMetrics>();
        builder.Services.AddSingleton<RunCounters>();
        return builder
            .Write<V1ServiceAccount>()
            .Reconcile<PretrainRun, RunReconciler<PretrainRun>>(Wakes)
            .Reconcile<EvalRun, RunReconciler<EvalRun>>(Wakes);
    }

    /// <summary>Runs are found by what they name.</summary>
    public static void ByInputs<TRun>(WatchBuilder<TRun> watch)
        where TRun : class, IResource =>
        watch.Index(RunIndexes.ByDataset, RunIndexes.Datasets).Index(RunIndexes.ByRun, RunIndexes.Runs);

    private static void Wakes<TRun>(TriggersBuilder<TRun> triggers)
        where TRun : class, IResource =>
        triggers
            .Owns<V1Job>()
            .From<V1Pod>(pod => RunOf<TRun>(pod.Metadata))
            .From<VideoDataset>(services => dataset => Waiting<TRun>(services, RunIndexes.ByDataset, dataset))
            .On(services => lookAt => services.GetRequiredService<RunWakeups>().Subscribe(ResourceType.Of(typeof(TRun)).Kind, lookAt))
            .From<PretrainRun>(services => run => Waiting<TRun>(services, RunIndexes.ByRun, run));

    // A pod belongs to a Job; whose Job it is stands in its labels.
    private static IEnumerable<ObjectKey> RunOf<TRun>(V1ObjectMeta pod) =>
        pod.Labels?.TryGetValue(Pods.Labels.Kind, out var kind) == true && kind == ResourceType.Of(typeof(TRun)).Kind
        && pod.Annotations?.TryGetValue(Pods.Labels.Name, out var name) == true
            ? [new ObjectKey(pod.NamespaceProperty ?? "", name!)] : [];

    private static IEnumerable<ObjectKey> Waiting<TRun>(IServiceProvider services, string index, IResource named)
        where TRun : class, IResource =>
        services.GetRequiredService<IResourceCache<TRun>>()
            .Indexed(index, RunIndexes.Value(named.Metadata.NamespaceProperty, named.Metadata.Name))
            .Where(run => !RunEnd.IsTerminal(RunView.Of(run).Status))
            .Select(run => ObjectKey.Of(run));
}
