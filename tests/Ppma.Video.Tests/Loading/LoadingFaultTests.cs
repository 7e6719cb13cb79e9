using CsCheck;
using Ppma.Datasets.Reading;
using Ppma.Datasets.Stores;
using Ppma.Video.Loading;
using TorchSharp;

namespace Ppma.Video.Tests.Loading;

/// <summary>Whatever happens to a read: the batches before it, then the fault as it was thrown, and no one left waiting.</summary>
[Collection(nameof(LiveTensors))]
public sealed class LoadingFaultTests : IDisposable
{
    private static readonly TrainingPlan Plan = new() { Seed = 3, ClipsPerBatch = 3, ShuffleBlockBytes = 1 << 20 };

    // A hang must end the test, not the run of all tests.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly TemporaryFolder _folder = new();
    private readonly IBlobStore _store;

    public LoadingFaultTests()
    {
        TinyDataset.Pack(_folder.Path);
        _store = BlobStore.Open(_folder.Path);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task ReadFrom_AReadThatFailsAnywhere_ThrowsThatItselfAfterTheBatchesBeforeIt()
    {
        long before = LiveTensors.Settled();
        await Gen.Select(Gen.Int[0, 11], Gen.Int[1, 8], Gen.Bool).SampleAsync(
            async (failing, threads, isLate) =>
            {
                var fault = new StoreException(StoreFailure.Unavailable, "blob", "it is gone", "Come back later");
                int reads = 0;
                Dataset dataset = TinyDataset.Open(new WatchedStore(_store, async (_, stopping) =>
                {
                    int read = Interlocked.Increment(ref reads) - 1;
                    await Task.Delay(isLate && read == failing ? 30 : 0, stopping);
                    if (read == failing)
                    {
                        throw fault;
                    }
                }));

                (int whole, Exception? thrown) = await CountAsync(dataset, threads, Token);
                return ReferenceEquals(fault, thrown) && whole == failing / Plan.ClipsPerBatch;
            },
            iter: 25,
            threads: 1);
        Assert.Equal(before, torch.Tensor.TotalCount);
    }

    [Fact]
    public async Task ReadFrom_OffsetsThatCannotBeRead_ThrowsThatItself()
    {
        Dataset dataset = TinyDataset.Open(_store);
        foreach (string offsets in Directory.EnumerateFiles(_folder.Path, "*.idx"))
        {
            File.Delete(offsets);
        }

        (int whole, Exception? thrown) = await CountAsync(dataset, threads: 2, Token);

        Assert.Equal(0, whole);
        Assert.Equal(StoreFailure.NotFound, Assert.IsType<StoreException>(thrown).Failure);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    public async Task ReadFrom_CancelledWhileAReadHangs_Leaves(int hanging)
    {
        long before = LiveTensors.Settled();
        using var stop = new CancellationTokenSource();
        int reads = 0;
        Dataset dataset = TinyDataset.Open(new WatchedStore(_store, async (_, stopping) =>
        {
            if (Interlocked.Increment(ref reads) - 1 == hanging)
            {
                stop.CancelAfter(TimeSpan.FromMilliseconds(50));
                await Task.Delay(Timeout.Infinite, stopping);
            }
        }));

        (int whole, Exception? thrown) = await CountAsync(dataset, threads: 2, stop.Token);

        Assert.Equal(hanging / Plan.ClipsPerBatch, whole);
        Assert.IsAssignableFrom<OperationCanceledException>(thrown);
        Assert.Equal(before, torch.Tensor.TotalCount);
    }

    [Fact]
    public async Task ReadFrom_LeftWhileAReadIgnoresThat_LeavesAllTheSame()
    {
        long before = LiveTensors.Settled();
        var never = new TaskCompletionSource();
        int reads = 0;
        Dataset dataset = TinyDataset.Open(new WatchedStore(
            _store, (_, _) => Interlocked.Increment(ref reads) <= Plan.ClipsPerBatch ? Task.CompletedTask : never.Task));

        await Task.Run(() => Views(dataset, threads: 2).ReadFrom(0, Token).First().Dispose(), Token).WaitAsync(Patience, Token);

        Assert.Equal(before, torch.Tensor.TotalCount);
        never.SetException(new IOException("The connection broke at last."));
    }

    [Fact]
    public async Task ReadFrom_AReplacementThatCannotBeRead_IsAFaultOfTheStore()
    {
        string folder = _folder.File("damaged");
        TinyDataset.Pack(folder, [.. Enumerable.Range(0, TinyDataset.Clips)]);
        int reads = 0;
        var fault = new StoreException(StoreFailure.Unavailable, "blob", "it is gone", "Come back later");
        Dataset dataset = TinyDataset.Open(new WatchedStore(
            BlobStore.Open(folder), (_, _) => Interlocked.Increment(ref reads) > 30 ? Task.FromException(fault) : Task.CompletedTask));

        (_, Exception? thrown) = await CountAsync(dataset, threads: 2, Token);

        Assert.Same(fault, thrown);
    }

    private static TrainingViews Views(Dataset dataset, int threads) =>
        new([dataset], Plan, TinyDataset.Cut, new LoadingOptions { Threads = threads });

    private static Task<(int Whole, Exception? Thrown)> CountAsync(Dataset dataset, int threads, CancellationToken cancellationToken) =>
        Task.Run(
            () =>
            {
                int whole = 0;
                try
                {
                    foreach (ViewBatch batch in Views(dataset, threads).ReadFrom(0, cancellationToken).Take(20))
                    {
                        batch.Dispose();
                        whole++;
                    }

                    return (whole, null);
                }
                catch (Exception e)
                {
                    return (whole, (Exception?)e);
                }
            },
            CancellationToken.None).WaitAsync(Patience, Token);
}
