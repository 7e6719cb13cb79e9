namespace Ppma.Controllers.Tests.Leading;

public enum PacketFate
{
    Arrives,

    /// <summary>Never heard of again: whoever waits, waits.</summary>
    Vanishes,

    /// <summary>The connection is reset, so that the sender knows at once, but not whether it was heard.</summary>
    Breaks,
}

/// <summary>How the network of one process behaves.</summary>
internal sealed class VirtualNetwork
{
    public Func<PacketFate> Fate { get; set; } = () => PacketFate.Arrives;

    public Func<TimeSpan> Latency { get; set; } = () => TimeSpan.FromMilliseconds(1);
}
