namespace Ppma.Testing.Kubernetes;

/// <summary>
/// The one server of a test program, started by the first test that asks for it:
/// <c>[assembly: AssemblyFixture(typeof(KubernetesFixture))]</c>. Says at the end how many tests ran against which version.
/// </summary>
public sealed class KubernetesFixture : IAsyncDisposable
{
    private readonly Lazy<Task<KubernetesServer>> _server = new(() => KubernetesServer.StartAsync(Definitions));
    private int _tests;

    /// <summary>The project's custom resource definitions, which every test finds installed: paths of YAML files.</summary>
    public static IReadOnlyCollection<string> Definitions { get; } =
        [.. Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Definitions"), "*.yaml").Order(StringComparer.Ordinal)];

    /// <summary>The shared server; each test asks once.</summary>
    /// <exception cref="SkippedTestException">There is none on this machine: the test is skipped, with the reason.</exception>
    public async Task<KubernetesServer> GetServerAsync()
    {
        KubernetesServer server = await _server.Value;
        Interlocked.Increment(ref _tests);
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        if (_server.IsValueCreated && _server.Value.IsCompletedSuccessfully)
        {
            KubernetesServer server = await _server.Value;
            await Console.Out.WriteLineAsync($"   {_tests} tests ran against Kubernetes {server.Version}");
            await server.DisposeAsync();
        }
    }
}
