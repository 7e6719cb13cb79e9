using System.Text.Json;
using k8s.Models;
using Ppma.Api.Datasets;

namespace Ppma.EndToEnd.Lab;

/// <summary>One test's namespace: with the Secret that opens the blobs, and nothing else until the test applies something.</summary>
public sealed class Space(string name, Laboratory lab)
{
    /// <summary>The Secret with the connection string, under <see cref="SecretKey"/>.</summary>
    public const string Secret = "storage";

    /// <inheritdoc cref="Secret"/>
    public const string SecretKey = "connection";

    public string Name { get; } = name;

    public Laboratory Lab { get; } = lab;

    public Kubectl Kubectl { get; } = new(name);

    public Task ApplyAsync(string manifests) => Kubectl.ApplyAsync(manifests);

    /// <summary>Makes a Secret, or gives it another value.</summary>
    public Task SetSecretAsync(string secret, string key, string value) => Kubectl.ApplyAsync(JsonSerializer.Serialize(new
    {
        apiVersion = "v1",
        kind = "Secret",
        metadata = new { name = secret },
        stringData = new Dictionary<string, string> { [key] = value },
    }));

    /// <summary>A run that was applied or will be.</summary>
    public PretrainHandle Pretrain(string run) => new(this, run);

    /// <inheritdoc cref="Pretrain"/>
    public EvalHandle Eval(string run) => new(this, run);

    /// <summary>Applies <see cref="SmallRun"/>'s data sets and run, changed by <paramref name="edit"/> where it is given.</summary>
    public async Task<PretrainHandle> StartSmallRunAsync(Func<string, string>? edit = null)
    {
        string manifests = SmallRun.Manifests();
        await ApplyAsync(edit is null ? manifests : edit(manifests));
        return Pretrain(SmallRun.Name);
    }

    /// <summary>A data set.</summary>
    public async Task<VideoDataset> DatasetAsync(string dataset) =>
        await Kubectl.GetAsync<VideoDataset>("videodataset", dataset) ?? throw new InvalidOperationException($"There is no VideoDataset {dataset} in {Name}.");

    /// <summary>Waits as a person would: <c>kubectl wait --for=condition=…</c>. Its error comes with the conditions that there are.</summary>
    public async Task WaitAsync(string resource, string condition = "condition=Ready", int timeoutSeconds = 300)
    {
        try
        {
            await Kubectl.RunAsync("wait", resource, $"--for={condition}", $"--timeout={timeoutSeconds}s");
        }
        catch (ShellException error)
        {
            string conditions = await Kubectl.RunAsync("get", resource, "--output", "jsonpath={range .status.conditions[*]}{.type}={.status} {.reason}: {.message}{\"\\n\"}{end}");
            throw new InvalidOperationException($"{error.Message}\n{resource} says:\n{conditions}", error);
        }
    }

    /// <summary>What was told of an object, oldest first: "Reason: note".</summary>
    public async Task<IReadOnlyList<string>> EventsOfAsync(string name)
    {
        Eventsv1EventList events = await Kubectl.ListAsync<Eventsv1EventList>("events.events.k8s.io");
        return [.. events.Items.Where(told => told.Regarding?.Name == name)
            .OrderBy(told => told.EventTime ?? told.Metadata.CreationTimestamp)
            .Select(told => $"{told.Reason}: {told.Note}")];
    }
}
