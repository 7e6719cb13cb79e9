namespace Ppma.Testing.Kubernetes;

/// <summary>
/// The folder with the control plane's programs, found as envtest finds it: in <c>KUBEBUILDER_ASSETS</c>. <c>eng/kubernetes.sh</c> gets
/// them and prints the folder.
/// </summary>
public sealed record KubernetesAssets(string Folder)
{
    public const string Variable = "KUBEBUILDER_ASSETS";

    private static readonly string[] Programs = ["etcd", "kube-apiserver", "kube-controller-manager"];

    /// <exception cref="SkippedTestException">It names no folder, or one that lacks a program.</exception>
    public static KubernetesAssets Find()
    {
        string folder = Environment.GetEnvironmentVariable(Variable) ?? "";
        if (folder.Length == 0)
        {
            // eng/run-tests.sh says why it could not get them.
            string reason = Environment.GetEnvironmentVariable("PPMA_TEST_KUBERNETES_MISSING") ?? $"{Variable} is not set. Try: export {Variable}=$(eng/kubernetes.sh)";
            throw new SkippedTestException($"needs a Kubernetes API server: {reason}");
        }

        string[] missing = [.. Programs.Where(program => !File.Exists(Path.Combine(folder, program)))];
        return missing.Length == 0
            ? new KubernetesAssets(folder)
            : throw new SkippedTestException($"needs a Kubernetes API server: {Variable} is {folder}, which lacks {string.Join(", ", missing)}. Try: export {Variable}=$(eng/kubernetes.sh)");
    }

    public string PathOf(string program) => Path.Combine(Folder, program);
}
