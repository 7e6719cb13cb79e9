using k8s;
using k8s.Exceptions;
using Ppma.Controllers.Requests;

namespace Ppma.Operator.Hosting;

/// <summary>Which API server, as whom, and in which namespace this process is at home.</summary>
/// <param name="Client">The connection.</param>
/// <param name="Namespace">Of the operator's own pod, or of the kubeconfig's context.</param>
internal sealed record ClusterAccess(Kubernetes Client, string Namespace)
{
    /// <exception cref="OperatorSettingsException">There is no cluster to speak to.</exception>
    public static ClusterAccess Find(OperatorOptions options)
    {
        try
        {
            KubernetesClientConfiguration configuration =
                options.Kubeconfig.Length > 0 ? KubernetesClientConfiguration.BuildConfigFromConfigFile(options.Kubeconfig)
                : KubernetesClientConfiguration.IsInCluster() ? KubernetesClientConfiguration.InClusterConfig()
                : Environment.GetEnvironmentVariable("KUBECONFIG") is { Length: > 0 } ? KubernetesClientConfiguration.BuildDefaultConfig()
                : KubernetesClientConfiguration.BuildConfigFromConfigFile();
            configuration.FirstMessageHandlerSetup = ServerConnection.Configure;
            return new ClusterAccess(new Kubernetes(configuration), configuration.Namespace is { Length: > 0 } own ? own : "default");
        }
        catch (Exception e) when (e is KubeConfigException or KubernetesClientException or IOException or UnauthorizedAccessException or YamlDotNet.Core.YamlException)
        {
            string setting = OperatorConfiguration.Describe(nameof(options.Kubeconfig));
            throw new OperatorSettingsException(
            [
                $"There is no cluster to speak to: {e.Message.TrimEnd('.')}. Name a kubeconfig file in {setting}; \"{options.Kubeconfig}\" is what it says now. "
                    + "In a pod with a service account's token it is left empty.",
            ]);
        }
    }
}
