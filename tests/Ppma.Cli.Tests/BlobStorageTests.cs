using System.Text.Json.Nodes;
using Azure.Storage.Blobs;
using Ppma.Cli.Datasets;
using Ppma.Testing;

namespace Ppma.Cli.Tests;

/// <summary>The commands over data sets in an emulator of blob storage: what they do with files, and nothing else.</summary>
public sealed class BlobStorageTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new("cli-blobs");
    private AzuriteServer? _server;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Data => Path.Combine(_folder.Path, "data");

    private string Secrets => Path.Combine(_folder.Path, "secrets");

    private string Sas => Path.Combine(Secrets, "storage", "sas");

    public async ValueTask InitializeAsync() => _server = await AzuriteServer.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _server!.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Dataset_InBlobStorage_IsListedVerifiedAndReadAsFromFiles()
    {
        string uri = await UploadAsync();
        string files = Path.Combine(Data, "actions");

        foreach (string[] command in (string[][])[["ls"], ["ls", "--samples"], ["verify"], ["verify", "--read-shards"]])
        {
            Assert.Equal(await DoneAsync(["dataset", .. command, files]), await DoneAsync(["dataset", .. command, $"{uri}/actions", "--credentials", Sas]));
        }

        string key = (await DoneAsync(["dataset", "ls", "--samples", files])).Split('\t')[1];
        byte[] video = await CatAsync(files, key);
        Assert.NotEmpty(video);
        Assert.Equal(video, await CatAsync($"{uri}/actions", key, "--credentials", Sas));
    }

    [Fact]
    public async Task Dataset_CredentialsThatDoNotOpenIt_NameTheFile()
    {
        string uri = await UploadAsync();

        (int code, _, string error) = await RunAsync(["dataset", "ls", $"{uri}/actions", "--credentials", Path.Combine(Secrets, "none")]);
        Assert.Equal(64, code);
        Assert.Contains("there is no such file", error, StringComparison.Ordinal);

        await File.WriteAllTextAsync(Sas, "sv=2024-11-04&sr=c&sp=rl&sig=AAAA", Cancellation);
        (code, _, error) = await RunAsync(["dataset", "ls", $"{uri}/actions", "--credentials", Sas]);
        Assert.NotEqual(0, code);
        Assert.Contains(Sas, error, StringComparison.Ordinal);
        Assert.DoesNotContain("AAAA", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_DataInBlobStorage_LeavesTheCurvesAndScoresOfFiles()
    {
        string uri = await UploadAsync();

        Dictionary<string, string> files = await RunManifestsAsync("files", "file:{0}");
        Dictionary<string, string> blobs = await RunManifestsAsync(
            "blobs", $"{uri}/{{0}}\n  credentials: {{{{secret: {{{{name: storage, key: sas}}}}}}}}", "--credentials", Secrets, "--cache-bytes", "64MiB");

        Assert.Equal(3, files.Count);
        Assert.Equal(files, blobs);
        Assert.NotEmpty(Directory.EnumerateFiles(Path.Combine(_folder.Path, "cache"), "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Run_SecretThatIsNotThere_NamesTheFieldAndStartsNothing()
    {
        WriteManifests("broken", "https://account.blob.core.windows.net/clips/{0}\n  credentials: {{secret: {{name: storage, key: none}}}}");
        Directory.CreateDirectory(Secrets);

        (int code, _, string error) = await RunAsync(RunArguments("broken", "--credentials", Secrets));

        Assert.Equal(64, code);
        Assert.Contains("manifests.yaml:1: spec.credentials: ", error, StringComparison.Ordinal);
        Assert.Contains(Path.Combine(Secrets, "storage/none"), error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_folder.Path, "broken", "default")));
    }

    [Fact]
    public async Task Run_CacheBytesThatAreNoSize_AreRefused()
    {
        (int code, _, string error) = await RunAsync(RunArguments("any", "--cache-bytes", "much"));

        Assert.NotEqual(0, code);
        Assert.Contains("--cache-bytes is much; write a number of bytes such as 500MB", error, StringComparison.Ordinal);
    }

    /// <summary>Renders small data sets into files, and puts them into a container that a SAS token opens.</summary>
    /// <returns>Where they lie, without a slash at the end.</returns>
    private async Task<string> UploadAsync()
    {
        await DoneAsync(
            ["dataset", "synth", "--out", Data, "--context", "16", "--synthetic", "16", "--actions-train", "32", "--actions-test", "8"]);
        BlobContainerClient container = await _server!.CreateContainerAsync("clips", Cancellation);
        foreach (string file in Directory.EnumerateFiles(Data, "*", SearchOption.AllDirectories))
        {
            await container.GetBlobClient($"sets/{Path.GetRelativePath(Data, file)}").UploadAsync(file, Cancellation);
        }

        Directory.CreateDirectory(Path.GetDirectoryName(Sas)!);
        await File.WriteAllTextAsync(Sas, _server.SasUri("clips").Query, Cancellation);
        return $"{container.Uri.AbsoluteUri}/sets";
    }

    /// <summary>Runs a stage and a probe.</summary>
    /// <returns>Curves and scores by path.</returns>
    private async Task<Dictionary<string, string>> RunManifestsAsync(string name, string uri, params string[] options)
    {
        WriteManifests(name, uri);
        await DoneAsync(RunArguments(name, options));
        string output = Path.Combine(_folder.Path, name);
        var left = Directory.EnumerateFiles(output, "curve.jsonl", SearchOption.AllDirectories)
            .ToDictionary(file => Path.GetRelativePath(output, file), File.ReadAllText);
        string probe = Directory.EnumerateFiles(Path.Combine(output, "default", "probe"), "result.json", SearchOption.AllDirectories).Single();
        left.Add("probe", JsonNode.Parse(await File.ReadAllBytesAsync(probe, Cancellation))!["evaluation"]!.ToJsonString());
        return left;
    }

    private string[] RunArguments(string name, params string[] options) =>
    [
        "run", "-f", Path.Combine(_folder.Path, $"{name}-manifests"), "--data", Data, "--out", Path.Combine(_folder.Path, name),
        "--threads", "1", "--cache", Path.Combine(_folder.Path, "cache"), .. options,
    ];

    private void WriteManifests(string name, string uri)
    {
        string folder = Path.Combine(_folder.Path, $"{name}-manifests");
        Directory.CreateDirectory(folder);
        File.WriteAllText(
            Path.Combine(folder, "manifests.yaml"),
            $$$"""
            apiVersion: ppma.cloud/v1alpha1
            kind: VideoDataset
            metadata: {name: synthetic}
            spec:
              uri: {{{Uri("synthetic")}}}
              humans: Synthetic
              attestation: {method: Rendered, by: ppma, when: 2026-01-01T00:00:00Z, indexDigest: TrustOnFirstUse}
            ---
            apiVersion: ppma.cloud/v1alpha1
            kind: VideoDataset
            metadata: {name: actions}
            spec:
              uri: {{{Uri("actions")}}}
              humans: Synthetic
              attestation: {method: Rendered, by: ppma, when: 2026-01-01T00:00:00Z, indexDigest: TrustOnFirstUse}
            ---
            apiVersion: ppma.cloud/v1alpha1
            kind: PretrainRun
            metadata: {name: tiny}
            spec:
              model: {preset: vit-mini}
              stages:
              - name: mae
                objective: MaskedAutoencoding
                preset: mae-mini
                steps: 3
                batchSize: 8
                datasets: [{name: synthetic}]
              - name: align
                objective: ActionClassification
                preset: align-mini
                steps: 3
                batchSize: 8
                datasets: [{name: synthetic}, {name: actions, repeat: 2}]
            ---
            apiVersion: ppma.cloud/v1alpha1
            kind: EvalRun
            metadata: {name: probe}
            spec:
              weights: {fromRun: {name: tiny}}
              dataset: {name: actions}
              protocol: LinearProbe
              preset: linear-probe-mini
              steps: 3
              batchSize: 8
            """);

        string Uri(string dataset) => string.Format(System.Globalization.CultureInfo.InvariantCulture, uri, dataset);
    }

    private static async Task<byte[]> CatAsync(params string[] args)
    {
        using var bytes = new MemoryStream();
        Assert.Equal(0, await CatCommand.Create(() => bytes).Parse(args).InvokeAsync(cancellationToken: Cancellation));
        return bytes.ToArray();
    }

    private static async Task<string> DoneAsync(string[] args)
    {
        (int code, string output, string error) = await RunAsync(args);
        Assert.True(code == 0, error + output);
        return output;
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(string[] args)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        int code = await PpmaCommand.RunAsync(args, output, error, Cancellation);
        return (code, output.ToString(), error.ToString());
    }
}
