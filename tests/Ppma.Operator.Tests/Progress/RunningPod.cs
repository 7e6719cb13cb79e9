using k8s.Models;
using Ppma.Operator.Pods;

namespace Ppma.Operator.Tests.Progress;

/// <summary>Pods of workers as an API server tells of them.</summary>
internal static class RunningPod
{
    public static V1Pod Of(string run, int port, string address = "127.0.0.1", string kind = "PretrainRun", int attempt = 1, string phase = "Running") => new()
    {
        Metadata = new()
        {
            Name = $"{run}-mae-abcdef-a{attempt}-x7k2p",
            NamespaceProperty = "team",
            Labels = new Dictionary<string, string>
            {
                [Labels.Kind] = kind,
                [Labels.Uid] = $"uid-of-{run}",
                [Labels.Stage] = "mae",
                [Labels.Attempt] = $"{attempt}",
            },
            Annotations = new Dictionary<string, string> { [Labels.Name] = run },
        },
        Spec = new()
        {
            Containers = [new() { Name = "worker", Ports = [new() { Name = "other", ContainerPort = 1 }, new() { Name = "metrics", ContainerPort = port }] }],
        },
        Status = new() { Phase = phase, PodIP = address },
    };
}
