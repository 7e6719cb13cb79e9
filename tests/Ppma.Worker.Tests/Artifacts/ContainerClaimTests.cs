using System.Text;
using Azure.Storage.Blobs.Models;
using Ppma.Api.Tasks;
using Ppma.Datasets.Stores;
using Ppma.Worker.Artifacts;
using Ppma.Worker.Tests.Data;

namespace Ppma.Worker.Tests.Artifacts;

/// <summary>Claims on a folder of an emulator of blob storage.</summary>
public sealed class ContainerClaimTests(BlobData blobs) : IClassFixture<BlobData>
{
    private static readonly string[] Fences = ["result.json", "checkpoints/latest.json"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Take_LowerAttemptOrAnotherRun_Is44()
    {
        IVersionedStore store = await CreateAsync("refused");
        Take(store, attempt: 3);

        Assert.Equal(ExitCodes.Superseded, Assert.Throws<TaskFailedException>(() => Take(store, attempt: 2)).ExitCode);
        Assert.Equal(ExitCodes.Superseded, Assert.Throws<TaskFailedException>(() => Take(store, attempt: 9, uid: "another")).ExitCode);
    }

    [Theory]
    [InlineData("result.json")]
    [InlineData("checkpoints/latest.json")]
    [InlineData("checkpoints/step-00000003/manifest.json")]
    public async Task Write_AfterANewerAttemptTookOver_Is44AndChangesNothing(string name)
    {
        string container = $"frozen-{Fences.ToList().IndexOf(name) + 1}";
        IVersionedStore store = await CreateAsync(container);
        ContainerClaim frozen = Take(store, attempt: 1);
        Write(frozen, "checkpoints/step-00000003/manifest.json", "kept");
        Write(frozen, name, "old");

        // The newer one has written nothing yet: that it came is enough.
        Take(store, attempt: 2);
        Dictionary<string, string> before = await VersionsAsync(container);

        Assert.Equal(ExitCodes.Superseded, Assert.Throws<TaskFailedException>(() => Write(frozen, name, "new")).ExitCode);
        Assert.Equal(ExitCodes.Superseded, Assert.Throws<TaskFailedException>(() => frozen.Delete(name)).ExitCode);
        Assert.Equal(before, await VersionsAsync(container));
        Assert.Equal("old", Encoding.UTF8.GetString((await store.ReadAsync(name, Token))!.Bytes));
    }

    [Fact]
    public async Task Write_WhatAnOlderAttemptWroteMeanwhile_Replaces()
    {
        IVersionedStore store = await CreateAsync("replaced");
        ContainerClaim older = Take(store, attempt: 1);
        ContainerClaim newer = Take(store, attempt: 2);

        // No JSON, so not fenced: whoever comes first writes it, and the owner wins.
        await store.WriteAsync("model.safetensors", new MemoryStream([1]), replaces: null, Token);
        Write(newer, "model.safetensors", "newer");

        Assert.Equal(ExitCodes.Superseded, Assert.Throws<TaskFailedException>(() => Write(older, "model.safetensors", "older")).ExitCode);
        Assert.Equal("newer", Encoding.UTF8.GetString((await store.ReadAsync("model.safetensors", Token))!.Bytes));
    }

    [Fact]
    public async Task Take_ManyAtOnce_TheHighestStaysOwner()
    {
        IVersionedStore store = await CreateAsync("many");

        ContainerClaim?[] claims = await Task.WhenAll(Enumerable.Range(1, 8).Select(attempt => Task.Run(() => TryTake(store, attempt), Token)));

        Assert.NotNull(claims[^1]);
        Write(claims[^1]!, "result.json", "8");
        Assert.All(claims[..^1], claim => Assert.True(claim is null || Loses(claim)));
        Assert.Equal("8", Encoding.UTF8.GetString((await store.ReadAsync("result.json", Token))!.Bytes));
    }

    private static bool Loses(ContainerClaim claim) =>
        Assert.Throws<TaskFailedException>(() => Write(claim, "result.json", "lost")).ExitCode == ExitCodes.Superseded;

    private static ContainerClaim? TryTake(IVersionedStore store, int attempt)
    {
        try
        {
            return Take(store, attempt);
        }
        catch (TaskFailedException e) when (e.ExitCode == ExitCodes.Superseded)
        {
            return null;
        }
    }

    private static ContainerClaim Take(IVersionedStore store, int attempt, string uid = "u1") =>
        ContainerClaim.Take(store, uid, attempt, Fences, TimeProvider.System);

    private static void Write(ContainerClaim claim, string name, string text) => claim.Write(name, new MemoryStream(Encoding.UTF8.GetBytes(text)));

    private async Task<IVersionedStore> CreateAsync(string container)
    {
        (string uri, string credentials) = await blobs.CreateArtifactsAsync(container);
        return BlobStore.OpenVersioned(uri, new StoreOptions { Credentials = AzureCredentials.SecretFile(Path.Combine(blobs.Secrets, credentials)) });
    }

    private async Task<Dictionary<string, string>> VersionsAsync(string container)
    {
        var versions = new Dictionary<string, string>();
        await foreach (BlobItem blob in blobs.Container(container).GetBlobsAsync(cancellationToken: Token))
        {
            versions.Add(blob.Name, blob.Properties.ETag!.Value.ToString());
        }

        return versions;
    }
}
