using Ppma.Datasets.Ranges;

namespace Ppma.Datasets.Tests.Ranges;

public class RangeOptionsTests
{
    [Fact]
    public void Validate_Defaults_AreValid() => new RangeOptions().Validate();

    [Fact]
    public void Validate_ValueOutOfBounds_NamesItAndTheBounds()
    {
        RangeOptions[] wrong =
        [
            new() { RangeBytes = 1000 },
            new() { RangeBytes = 17 << 20 },
            new() { RangesInFlight = 0 },
            new() { StallTimeout = TimeSpan.Zero },
            new() { Tries = 0 },
            new() { FirstDelay = TimeSpan.FromMinutes(2) },
            new() { LongestDelay = TimeSpan.FromDays(1) },
            new() { HedgeAfterMedians = 0.5 },
            new() { HedgeFloor = TimeSpan.FromSeconds(-1) },
            new() { HedgeShare = 2 },
        ];

        Assert.All(wrong, options => Assert.Throws<ArgumentException>(options.Validate));
        Assert.StartsWith(
            "RangeOptions.RangeBytes is 1000. Set it to 1048576 to 16777216 (1 to 16 MiB).",
            Assert.Throws<ArgumentException>(wrong[0].Validate).Message, StringComparison.Ordinal);
    }
}
