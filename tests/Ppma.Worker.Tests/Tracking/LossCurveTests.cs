using Ppma.Api.Tasks;
using Ppma.Learning.Training;
using Ppma.Worker.Tracking;

namespace Ppma.Worker.Tests.Tracking;

public sealed class LossCurveTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string CurveFile => _folder.File("run/curve.jsonl");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Append_Losses_WritesALineEach()
    {
        using (LossCurve curve = LossCurve.Open(CurveFile, stepsDone: 0))
        {
            curve.Append([new StepLoss(1, 0.5f, 1e-5), new StepLoss(2, float.NaN, 0.25)]);
        }

        Assert.Equal(
            "{\"step\":1,\"loss\":0.5,\"rate\":1e-05}\n{\"step\":2,\"loss\":null,\"rate\":0.25}\n", File.ReadAllText(CurveFile));
    }

    [Fact]
    public void Open_ToGoOn_CutsWhatCameAfterAndKeepsEveryByteBefore()
    {
        byte[] whole = Write(steps: 9);

        using (LossCurve curve = LossCurve.Open(CurveFile, stepsDone: 4))
        {
            Assert.Equal([1L, 2, 3, 4], curve.Points.Select(point => point.Step));
            curve.Append(Losses(5, 9));
        }

        Assert.Equal(whole, File.ReadAllBytes(CurveFile));
    }

    [Theory]
    [InlineData("{\"step\":5,\"lo")]
    [InlineData("{\"step\":5,\"loss\":0.1,\"rate\":1}")]
    [InlineData("\0\0\0\0\n")]
    [InlineData("{}\n")]
    [InlineData("[]\n")]
    public void Open_AfterACrash_DropsTheTornEnd(string torn)
    {
        byte[] whole = Write(steps: 4);
        File.AppendAllText(CurveFile, torn);

        using (LossCurve curve = LossCurve.Open(CurveFile, stepsDone: 5))
        {
            Assert.Equal(4, curve.Points.Count);
        }

        Assert.Equal(whole, File.ReadAllBytes(CurveFile));
    }

    [Fact]
    public void Open_FromTheStart_ForgetsEarlierAttempts()
    {
        Write(steps: 4);
        using LossCurve curve = LossCurve.Open(CurveFile, stepsDone: 0);
        Assert.Empty(curve.Points);
        Assert.Equal(0, new FileInfo(CurveFile).Length);
    }

    [Fact]
    public void FinalLoss_ManySteps_IsTheMeanOfTheLastTenth()
    {
        using LossCurve curve = LossCurve.Open(CurveFile, stepsDone: 0);
        curve.Append(Losses(1, 20));
        Assert.Equal(((1.0f / 19) + (1.0f / 20)) / 2.0, curve.FinalLoss(), 1e-7);
    }

    [Fact]
    public void FinalLoss_LossThatIsNoNumber_IsPassedOver()
    {
        using LossCurve curve = LossCurve.Open(CurveFile, stepsDone: 0);
        curve.Append([new StepLoss(1, 2, 1e-3), new StepLoss(2, float.NaN, 1e-3)]);
        Assert.Equal(2, curve.FinalLoss());
    }

    [Fact]
    public void FinalLoss_NoLossThatIsANumber_EndsWith67()
    {
        using LossCurve curve = LossCurve.Open(CurveFile, stepsDone: 0);
        curve.Append([new StepLoss(1, float.NaN, 1e-3)]);
        Assert.Equal(ExitCodes.Diverged, Assert.Throws<TaskFailedException>(() => curve.FinalLoss()).ExitCode);
    }

    private byte[] Write(int steps)
    {
        using (LossCurve curve = LossCurve.Open(CurveFile, stepsDone: 0))
        {
            curve.Append(Losses(1, steps));
        }

        return File.ReadAllBytes(CurveFile);
    }

    private static StepLoss[] Losses(int first, int last) =>
        [.. Enumerable.Range(first, last - first + 1).Select(step => new StepLoss(step, 1f / step, 1e-4 / step))];
}
