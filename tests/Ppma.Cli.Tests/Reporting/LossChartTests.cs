using CsCheck;
using Ppma.Api;
using Ppma.Cli.Reporting;

namespace Ppma.Cli.Tests.Reporting;

public sealed class LossChartTests
{
    [Fact]
    public void Thin_OfALongCurve_KeepsItsMeanAndItsLastStep()
    {
        var curve = Enumerable.Range(1, 1600).Select(step => new CurvePoint(step, step % 2, 1e-3)).ToList();

        var thinned = LossChart.Thin(curve);

        Assert.Equal(160, thinned.Count);
        Assert.All(thinned, point => Assert.Equal(0.5, point.Loss));
        Assert.Equal(1600, thinned[^1].Step);
    }

    [Fact]
    public void Thin_OfALossThatIsNotFinite_LeavesItOut()
    {
        Assert.Equal([2], LossChart.Thin([new(1, double.NaN, 0), new(2, 0.5, 0)]).Select(point => point.Step));
    }

    [Fact]
    public void Render_OfStagesWithoutCurves_IsEmpty()
    {
        var stage = SampleReport.Stage("ppma", "mae", Objective.MaskedAutoencoding, 0, _ => 1);

        Assert.Equal("", LossChart.Render("Loss", [stage]));
    }

    [Fact]
    public void Covering_AnyRange_ContainsItInAtMostFiveRoundSteps()
    {
        Gen.Select(Gen.Double[-1e3, 1e3], Gen.Double[0, 1e3]).Sample((low, span) =>
        {
            var axis = LinearAxis.Covering(low, low + span);
            return axis.Low <= low + axis.Step * 1e-6 && axis.High >= low + span - axis.Step * 1e-6 && axis.Ticks.Count() is >= 2 and <= 6;
        });
    }

    [Fact]
    public void Covering_AMaeLoss_HasTicksOfOneDecimal()
    {
        var axis = LinearAxis.Covering(0.91, 1.27);

        Assert.Equal([0.9, 1.0, 1.1, 1.2, 1.3], axis.Ticks.Select(tick => Math.Round(tick, 6)));
        Assert.Equal(1, axis.Decimals);
    }
}
