using Microsoft.Extensions.DependencyInjection;

namespace Ppma.Worker.Tasks;

/// <summary>The kinds of task this worker computes.</summary>
internal static class TaskRunners
{
    public static IServiceCollection AddTaskRunners(this IServiceCollection services) => services;
}
