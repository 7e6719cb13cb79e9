using System.Net;
using System.Text.Json;

namespace Ppma.EndToEnd.Lab;

/// <summary>
/// What all tests share: a cluster with the chart in it, a blob store with the quickstart's data, a Prometheus. Started once, and stopped
/// however the tests end.
/// </summary>
public sealed class Laboratory : IAsyncLifetime
{
    /// <summary>The namespace of the lab itself: the blob store's Service is in it.</summary>
    public const string Space = "ppma-lab";

    /// <summary>This machine's address among the pods.</summary>
    public const string HostVariable = "PPMA_HOST";

    private NameServer? _names;
    private int _spaces;

    public Kubectl Kubectl { get; } = new();

    public Results Results { get; } = new();

    public BlobStore Blobs { get; private set; } = null!;

    public Data Data { get; private set; } = null!;

    public Chart Chart { get; private set; } = null!;

    public Prometheus Prometheus { get; private set; } = null!;

    /// <summary>The small run on this machine, computed when it is first asked for.</summary>
    public LocalRun SmallReference { get; } = new("small", SmallRun.LocalManifests);

    public async ValueTask InitializeAsync()
    {
        IPAddress host = Needed();
        await Kubectl.RunAsync("wait", "node", "--all", "--for=condition=Ready", "--timeout=120s");
        Blobs = await BlobStore.StartAsync(host, CancellationToken.None);
        await Kubectl.ApplyAsync(ServiceOf(Blobs, host));
        string address = await new Kubectl(Space).RunAsync("get", "service", BlobStore.Service, "--output", "jsonpath={.spec.clusterIP}");
        _names = NameServer.Start(host, $"{BlobStore.Service}.{Space}.svc", IPAddress.Parse(address));
        Data = await Data.PrepareAsync(Blobs);
        Chart = await Chart.InstallAsync(Kubectl, Results);
        Prometheus = await Prometheus.StartAsync(Results);
    }

    public async ValueTask DisposeAsync()
    {
        Results.Write();
        if (Chart is not null)
        {
            await Chart.DisposeAsync();
        }

        if (Blobs is not null)
        {
            await Kubectl.TryAsync("delete", "namespace", Space, "--wait=false");
        }

        foreach (IAsyncDisposable? part in (IAsyncDisposable?[])[Prometheus, _names, Blobs])
        {
            if (part is not null)
            {
                await part.DisposeAsync();
            }
        }
    }

    /// <summary>A namespace for a test.</summary>
    public async Task<Space> OpenAsync(string testClass, string test)
    {
        string name = $"{Kebab(testClass)}-{Interlocked.Increment(ref _spaces)}";
        await Kubectl.RunAsync("create", "namespace", name);
        var space = new Space(name, this);
        await space.SetSecretAsync(EndToEnd.Lab.Space.Secret, EndToEnd.Lab.Space.SecretKey, BlobStore.ConnectionString);
        await Console.Out.WriteLineAsync($"-- {testClass}.{test} in namespace {name}");
        return space;
    }

    /// <summary>Removes a test's namespace and waits until its pods are gone, so that the next test has the machine to itself.</summary>
    public async Task CloseAsync(Space space) =>
        await Kubectl.TryAsync("delete", "namespace", space.Name, "--timeout=120s");

    private static IPAddress Needed()
    {
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable("KUBECONFIG")))
        {
            throw new InvalidOperationException("KUBECONFIG is not set: these tests need a cluster. eng/e2e.sh makes one and runs them in it.");
        }

        return IPAddress.TryParse(Environment.GetEnvironmentVariable(HostVariable), out IPAddress? host)
            ? host
            : throw new InvalidOperationException($"{HostVariable} is not set: it is the address under which pods reach this machine (kind: the gateway of the docker network).");
    }

    /// <summary>A Service without pods: its address is this machine's.</summary>
    private static string ServiceOf(BlobStore blobs, IPAddress host) => ListOf(
        new { apiVersion = "v1", kind = "Namespace", metadata = new { name = Space } },
        new
        {
            apiVersion = "v1",
            kind = "Service",
            metadata = new { name = BlobStore.Service, @namespace = Space },
            spec = new { ports = new[] { new { port = 10000 } } },
        },
        new
        {
            apiVersion = "v1",
            kind = "Endpoints",
            metadata = new { name = BlobStore.Service, @namespace = Space },
            subsets = new[] { new { addresses = new[] { new { ip = host.ToString() } }, ports = new[] { new { port = blobs.Proxy.Port } } } },
        });

    private static string ListOf(params object[] items) => JsonSerializer.Serialize(new { apiVersion = "v1", kind = "List", items });

    private static string Kebab(string name) =>
        string.Concat(name.Replace("Tests", "", StringComparison.Ordinal).Select((letter, index) => char.IsUpper(letter) ? (index > 0 ? "-" : "") + char.ToLowerInvariant(letter) : letter.ToString()));
}
