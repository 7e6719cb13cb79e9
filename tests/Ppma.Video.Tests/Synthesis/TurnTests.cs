using CsCheck;
using Ppma.Video.Synthesis;

namespace Ppma.Video.Tests.Synthesis;

public sealed class TurnTests
{
    [Fact]
    public void SinAndCos_AnyAngle_AgreeWithTheLibrary() =>
        Gen.Double[-100, 100].Sample(turns =>
            Math.Abs(Turn.Sin(turns) - Math.Sin(turns * Math.Tau)) < 1e-7
            && Math.Abs(Turn.Cos(turns) - Math.Cos(turns * Math.Tau)) < 1e-7);
}
