using TorchSharp;

namespace Ppma.Video.Tests.Loading;

/// <summary>How many tensors live is known for the whole process only: tests that count them run alone.</summary>
[CollectionDefinition(nameof(LiveTensors), DisableParallelization = true)]
public sealed class LiveTensors
{
    /// <summary>Live tensors, after those that earlier tests dropped are gone: else they would go in the middle of a count.</summary>
    internal static long Settled()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return torch.Tensor.TotalCount;
    }
}
