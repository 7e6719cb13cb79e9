using System.Net;
using System.Net.Sockets;

namespace Ppma.Testing.Kubernetes;

/// <summary>The three processes of a server, their folder and their command lines, which Kubernetes 1.20 and 1.31 and later both understand.</summary>
internal sealed class ControlPlane : IAsyncDisposable
{
    public const string AdminToken = "admin-token";

    private const string ControllerManagerToken = "controller-manager-token";

    // Controllers that Jobs, their pods and their owners need. Not those that watch nodes: no node of a test has a heart that beats.
    private const string Controllers = "job,garbagecollector,namespace,serviceaccount,serviceaccount-token,resourcequota,root-ca-cert-publisher";

    private const string AuditPolicy = """
        apiVersion: audit.k8s.io/v1
        kind: Policy
        omitStages: [RequestReceived]
        rules:
        - level: Metadata
        """;

    private readonly KubernetesAssets _assets;
    private readonly TempFolder _folder = new("kubernetes");
    private readonly ControlPlaneKeys _keys;
    private readonly int _etcdPort = FreePort();
    private readonly int _apiPort = FreePort();
    private readonly List<TetheredProcess> _processes = [];

    public ControlPlane(KubernetesAssets assets)
    {
        _assets = assets;
        _keys = ControlPlaneKeys.Create(_folder.Path);
        Address = new Uri($"https://127.0.0.1:{_apiPort}/");
        File.WriteAllText(In("tokens.csv"), $"{AdminToken},admin,1,system:masters\n{ControllerManagerToken},system:kube-controller-manager,2,system:masters\n");
        File.WriteAllText(In("audit-policy.yaml"), AuditPolicy);
    }

    public Uri Address { get; }

    public string AuditFile => In("audit.log");

    public System.Security.Cryptography.X509Certificates.X509Certificate2 Authority => _keys.Certificate;

    public TetheredProcess StartEtcd() => Start(
        "etcd",
        [
            "--name=default",
            $"--data-dir={In("etcd")}",
            $"--listen-client-urls=http://127.0.0.1:{_etcdPort}",
            $"--advertise-client-urls=http://127.0.0.1:{_etcdPort}",
            "--listen-peer-urls=http://127.0.0.1:0",
            "--unsafe-no-fsync",
        ],
        leave: _folder.Path);

    public TetheredProcess StartApiServer() => Start(
        "kube-apiserver",
        [
            $"--etcd-servers=http://127.0.0.1:{_etcdPort}",
            "--bind-address=127.0.0.1",
            "--advertise-address=127.0.0.1",
            $"--secure-port={_apiPort}",
            $"--tls-cert-file={_keys.CertificateFile}",
            $"--tls-private-key-file={_keys.KeyFile}",
            $"--cert-dir={_folder.Path}",
            $"--token-auth-file={In("tokens.csv")}",
            "--authorization-mode=RBAC",
            "--service-cluster-ip-range=10.96.0.0/16",
            "--service-account-issuer=https://kubernetes.default.svc",
            $"--service-account-signing-key-file={_keys.ServiceAccountKeyFile}",
            $"--service-account-key-file={_keys.ServiceAccountKeyFile}",
            "--endpoint-reconciler-type=none",
            "--allow-privileged=true",
            $"--audit-policy-file={In("audit-policy.yaml")}",
            $"--audit-log-path={AuditFile}",
        ]);

    public TetheredProcess StartControllerManager(KubernetesVersion version)
    {
        string kubeconfig = WriteKubeconfig(In("controller-manager.kubeconfig"), Address, ControllerManagerToken);
        return Start(
            "kube-controller-manager",
            [
                $"--kubeconfig={kubeconfig}",
                $"--controllers={Controllers}",
                $"--service-account-private-key-file={_keys.ServiceAccountKeyFile}",
                $"--root-ca-file={_keys.CertificateFile}",
                "--leader-elect=false",
                "--secure-port=0",
                .. version.IsAtLeast(1, 24) ? Array.Empty<string>() : ["--port=0"], // The insecure port went with 1.24.
            ]);
    }

    /// <summary>A kubeconfig with one user; the server's certificate is in it when the address is the server's own.</summary>
    public string WriteKubeconfig(string path, Uri address, string token)
    {
        string trust = address.Scheme == "https" ? $", certificate-authority: {_keys.CertificateFile}" : "";
        File.WriteAllText(path, $$$"""
            apiVersion: v1
            kind: Config
            clusters: [{name: test, cluster: {server: "{{{address.GetLeftPart(UriPartial.Authority)}}}"{{{trust}}}}}]
            users: [{name: test, user: {token: "{{{token}}}"}}]
            contexts: [{name: test, context: {cluster: test, user: test}}]
            current-context: test
            """);
        return path;
    }

    public string In(string name) => Path.Combine(_folder.Path, name);

    public async ValueTask DisposeAsync()
    {
        // The last started first: etcd's shell takes the folder with it.
        foreach (TetheredProcess process in Enumerable.Reverse(_processes))
        {
            await process.DisposeAsync();
        }

        _folder.Dispose();
        _keys.Certificate.Dispose();
    }

    private TetheredProcess Start(string program, IEnumerable<string> arguments, string? leave = null)
    {
        var process = TetheredProcess.Start(_assets.PathOf(program), arguments, In(program + ".log"), leave);
        _processes.Add(process);
        return process;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
