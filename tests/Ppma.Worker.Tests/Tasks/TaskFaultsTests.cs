using Ppma.Api.Tasks;
using Ppma.Datasets;
using Ppma.Datasets.Caching;
using Ppma.Datasets.Stores;
using Ppma.Worker.Execution;
using Ppma.Worker.Tasks;

namespace Ppma.Worker.Tests.Tasks;

/// <summary>Who pays for what the libraries throw.</summary>
public sealed class TaskFaultsTests
{
    [Theory]
    [InlineData(StoreFailure.Unavailable, ExitCodes.StorageOrNetwork)]
    [InlineData(StoreFailure.ShortRead, ExitCodes.StorageOrNetwork)]
    [InlineData(StoreFailure.PermissionDenied, ExitCodes.StorageOrNetwork)]
    [InlineData(StoreFailure.Changed, ExitCodes.DataDigestMismatch)]
    [InlineData(StoreFailure.NotFound, ExitCodes.DataDigestMismatch)]
    [InlineData(StoreFailure.UnsupportedUri, ExitCodes.BadSpec)]
    public void Explain_StoreThatFailsInTheMiddle_HasTheCode(StoreFailure failure, int exitCode) =>
        Assert.Equal(exitCode, Explain(Of(failure)).ExitCode);

    [Theory]
    [InlineData(StoreFailure.Unavailable, 1, ExitCodes.StorageOrNetwork)]
    [InlineData(StoreFailure.NotFound, 1, ExitCodes.BadSpec)]
    [InlineData(StoreFailure.NotFound, 2, ExitCodes.BadSpec)]
    [InlineData(StoreFailure.PermissionDenied, 1, ExitCodes.BadSpec)]
    [InlineData(StoreFailure.PermissionDenied, 2, ExitCodes.StorageOrNetwork)]
    public void AtStart_StoreThatFails_HasTheCode(StoreFailure failure, int attempt, int exitCode)
    {
        using var folder = new TemporaryFolder();
        TaskContext context = TinyTasks.ContextOf(SampleTask.Scripted(folder.Path)) with { Attempt = attempt };

        var ended = Assert.Throws<TaskFailedException>(() => TaskFaults.Explain<int>(() => TaskFaults.AtStart<int>(context, () => throw Of(failure))));

        Assert.Equal(exitCode, ended.ExitCode);
        Assert.Equal("https://a/b: it failed. Mend it.", ended.Message);
    }

    [Theory]
    [InlineData(ShardCacheFault.Foreign, ExitCodes.BadSpec)]
    [InlineData(ShardCacheFault.LimitTooSmall, ExitCodes.BadSpec)]
    [InlineData(ShardCacheFault.DiskFull, ExitCodes.StorageOrNetwork)]
    [InlineData(ShardCacheFault.Inaccessible, ExitCodes.StorageOrNetwork)]
    public void Explain_CacheThatCannotBeUsed_HasTheCode(ShardCacheFault fault, int exitCode) =>
        Assert.Equal(exitCode, Explain(new ShardCacheException(fault, "/cache", "it failed", "Mend it")).ExitCode);

    [Fact]
    public void Explain_WrongHash_Is65() => Assert.Equal(
        ExitCodes.DataDigestMismatch, Explain(new DatasetFormatException(DatasetFault.HashMismatch, "a.tar", "wrong", "Mend it")).ExitCode);

    private static StoreException Of(StoreFailure failure) => new(failure, "https://a/b", "it failed", "Mend it");

    private static TaskFailedException Explain(Exception exception) =>
        Assert.Throws<TaskFailedException>(() => TaskFaults.Explain<int>(() => throw exception));
}
