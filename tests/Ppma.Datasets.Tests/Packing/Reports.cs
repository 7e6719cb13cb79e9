using Ppma.Datasets.Packing;

namespace Ppma.Datasets.Tests.Packing;

/// <summary>Everything that was reported, in order.</summary>
internal sealed class Reports : IProgress<PackProgress>
{
    public List<PackProgress> All { get; } = [];

    public void Report(PackProgress value) => All.Add(value);
}
