using System.Buffers;
using Ppma.Datasets.Reading;

namespace Ppma.Video.Loading;

/// <summary>An encoded video in memory, and the place in a batch that waits for it. Owns the memory.</summary>
internal sealed record FetchedSample(PendingBatch Batch, int Place, SampleRef Sample, IMemoryOwner<byte> File, ByteLease Lease) : IDisposable
{
    public void Dispose()
    {
        File.Dispose();
        Lease.Dispose();
    }
}
