using System.Net;
using System.Net.Http.Headers;
using k8s;
using k8s.Models;

namespace Ppma.Testing.Kubernetes;

/// <summary>
/// A real API server of this machine's own, with etcd and, unless it is left out, a controller manager: on 127.0.0.1, free ports, RBAC
/// and an audit log. It has no nodes and no scheduler (see <c>TestKubelet</c>). It ends with this object, and with this process
/// however that ends. Tests share one server a program (<see cref="KubernetesFixture"/>) and take a namespace each.
/// </summary>
public sealed class KubernetesServer : IAsyncDisposable
{
    private const int Attempts = 3;

    private readonly ControlPlane _plane;
    private int _kubeconfigs;

    private KubernetesServer(ControlPlane plane)
    {
        _plane = plane;
        Http = HttpClientFor(AdminToken);
        Client = ClientFor(AdminToken);
        Audit = new AuditLog(plane.AuditFile, Http);
        Version = new KubernetesVersion(0, 0, "unknown");
    }

    /// <summary>A user of the group system:masters.</summary>
    public static string AdminToken => ControlPlane.AdminToken;

    /// <summary><c>https://127.0.0.1:PORT/</c>.</summary>
    public Uri Address => _plane.Address;

    public KubernetesVersion Version { get; private set; }

    /// <summary>As admin.</summary>
    public IKubernetes Client { get; }

    /// <summary>As admin, for what the typed client cannot say; takes relative addresses (<c>apis/batch/v1/jobs</c>).</summary>
    public HttpClient Http { get; }

    public AuditLog Audit { get; }

    /// <summary>Starts it and waits until it is ready, and the given custom resource definitions (files of YAML) are established.</summary>
    /// <exception cref="SkippedTestException">The programs are not there.</exception>
    /// <exception cref="InvalidOperationException">It did not start; with the last lines of the process that failed.</exception>
    public static async Task<KubernetesServer> StartAsync(
        IReadOnlyCollection<string>? definitions = null, bool controllers = true, CancellationToken cancellationToken = default)
    {
        var assets = KubernetesAssets.Find();
        for (int attempt = 1; ; attempt++)
        {
            var plane = new ControlPlane(assets);
            try
            {
                return await StartAsync(plane, definitions ?? [], controllers, cancellationToken);
            }
            catch (InvalidOperationException error) when (attempt < Attempts && error.Message.Contains("address already in use", StringComparison.Ordinal))
            {
                // Somebody took the port between our look and the server's.
                await plane.DisposeAsync();
            }
            catch
            {
                await plane.DisposeAsync();
                throw;
            }
        }
    }

    /// <summary>What a client needs to speak to this server, or to a proxy before it, as the owner of the token.</summary>
    public KubernetesClientConfiguration ConfigurationFor(string token, Uri? address = null) => new()
    {
        Host = (address ?? Address).GetLeftPart(UriPartial.Authority),
        AccessToken = token,
        SslCaCerts = [_plane.Authority],
    };

    public IKubernetes ClientFor(string token, Uri? address = null) => new k8s.Kubernetes(ConfigurationFor(token, address));

    /// <summary>As the owner of the token, without the typed client.</summary>
    public HttpClient HttpClientFor(string token) => new(CreateHandler())
    {
        BaseAddress = Address,
        DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", token) },
    };

    /// <summary>Trusts this server's certificate, and no other.</summary>
    public SocketsHttpHandler CreateHandler() => new()
    {
        AutomaticDecompression = DecompressionMethods.None,
        SslOptions =
        {
            RemoteCertificateValidationCallback = (_, shown, _, _) => shown is not null && shown.GetRawCertData().AsSpan().SequenceEqual(_plane.Authority.RawData),
        },
    };

    /// <summary>Writes a kubeconfig into this server's temporary folder: for child processes.</summary>
    public string WriteKubeconfig(string token, Uri? address = null) =>
        _plane.WriteKubeconfig(_plane.In($"kubeconfig-{Interlocked.Increment(ref _kubeconfigs)}"), address ?? Address, token);

    /// <summary>A new namespace of a unique name that starts with the purpose, once its default service account is there (pods need it).</summary>
    public async Task<string> CreateNamespaceAsync(string purpose, CancellationToken cancellationToken = default)
    {
        string name = $"{purpose}-{Guid.NewGuid():n}"[..Math.Min(purpose.Length + 9, 63)];
        await Client.CoreV1.CreateNamespaceAsync(new V1Namespace { Metadata = new V1ObjectMeta { Name = name } }, cancellationToken: cancellationToken);
        await Eventually.Holds(
            async () => (await Client.CoreV1.ListNamespacedServiceAccountAsync(name, cancellationToken: cancellationToken)).Items.Any(account => account.Name() == "default"),
            () => $"Namespace {name} got no default service account: does the controller manager run?",
            cancellationToken);
        return name;
    }

    /// <summary>Creates the service account unless it is there, and gives a token of it, signed by this server, that holds for an hour.</summary>
    public async Task<string> CreateServiceAccountTokenAsync(string @namespace, string account, CancellationToken cancellationToken = default)
    {
        try
        {
            var created = new V1ServiceAccount { Metadata = new V1ObjectMeta { Name = account } };
            await Client.CoreV1.CreateNamespacedServiceAccountAsync(created, @namespace, cancellationToken: cancellationToken);
        }
        catch (k8s.Autorest.HttpOperationException exists) when (exists.Response.StatusCode == HttpStatusCode.Conflict)
        {
            // It is there.
        }

        var request = new Authenticationv1TokenRequest { Spec = new V1TokenRequestSpec { Audiences = [], ExpirationSeconds = 3600 } };
        Authenticationv1TokenRequest answer =
            await Client.CoreV1.CreateNamespacedServiceAccountTokenAsync(request, account, @namespace, cancellationToken: cancellationToken);
        return answer.Status.Token;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        Http.Dispose();
        await _plane.DisposeAsync();
    }

    private static async Task<KubernetesServer> StartAsync(ControlPlane plane, IReadOnlyCollection<string> definitions, bool controllers, CancellationToken cancellationToken)
    {
        TetheredProcess etcd = plane.StartEtcd();
        TetheredProcess apiServer = plane.StartApiServer();
        var server = new KubernetesServer(plane);
        try
        {
            await Eventually.Holds(() => server.IsReadyAsync(etcd, apiServer, cancellationToken), () => apiServer.Describe("is not ready"), cancellationToken);
            server.Version = KubernetesVersion.Parse((await server.Client.Version.GetCodeAsync(cancellationToken)).GitVersion);
            foreach (string file in definitions)
            {
                await CustomResourceDefinitions.InstallAsync(server, await File.ReadAllTextAsync(file, cancellationToken), cancellationToken);
            }

            if (controllers)
            {
                // After the definitions: its garbage collector learns of new kinds every 30 s only.
                plane.StartControllerManager(server.Version);
            }

            return server;
        }
        catch
        {
            server.Client.Dispose();
            server.Http.Dispose();
            throw;
        }
    }

    private async Task<bool> IsReadyAsync(TetheredProcess etcd, TetheredProcess apiServer, CancellationToken cancellationToken)
    {
        if (new[] { etcd, apiServer }.FirstOrDefault(process => process.HasExited) is { } ended)
        {
            throw new InvalidOperationException(ended.Describe("ended"));
        }

        try
        {
            return await Http.GetStringAsync("readyz", cancellationToken) == "ok";
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
