using Microsoft.Extensions.DependencyInjection;
using Ppma.Worker.Execution;

namespace Ppma.Worker.Tasks;

/// <summary>The kinds of task this worker computes.</summary>
internal static class TaskRunners
{
    public static IServiceCollection AddTaskRunners(this IServiceCollection services) => services
        .AddSingleton<ITaskRunner, PretrainStageRunner>()
        .AddSingleton<ITaskRunner, EvaluateRunner>()
        .AddSingleton<ITaskRunner, VerifyDatasetRunner>();
}
