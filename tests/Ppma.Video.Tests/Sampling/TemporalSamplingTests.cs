using CsCheck;
using Ppma.Video.Sampling;

namespace Ppma.Video.Tests.Sampling;

public sealed class TemporalSamplingTests
{
    [Fact]
    public void FramesInWindow_HalfOpen_HasTheFirstMomentAndNotTheLast()
    {
        Assert.Equal([1, 2], TemporalSampling.FramesInWindow([0, 0.5, 1.0, 1.5], startSeconds: 0.5, lengthSeconds: 1.0));
    }

    [Theory]
    [InlineData(81, 16, new[] { 0, 5, 10, 16, 21, 26, 32, 37, 42, 48, 53, 58, 64, 69, 74, 80 })]
    [InlineData(3, 6, new[] { 0, 0, 0, 1, 1, 2 })]
    [InlineData(5, 1, new[] { 0 })]
    [InlineData(1, 4, new[] { 0, 0, 0, 0 })]
    public void EvenlySpaced_Frames_AreFlooredPlacesOnALine(int total, int count, int[] expected)
    {
        Assert.Equal(expected, TemporalSampling.EvenlySpaced(total, count));
    }

    [Fact]
    public void EvenlySpaced_AnyCounts_GoesFromFirstToLastWithoutStepsBack()
    {
        Gen.Select(Gen.Int[1, 2000], Gen.Int[2, 64]).Sample((total, count) =>
        {
            int[] chosen = TemporalSampling.EvenlySpaced(total, count);
            return chosen[0] == 0 && chosen[^1] == total - 1 && chosen.Zip(chosen.Skip(1)).All(pair => pair.First <= pair.Second);
        });
    }

    [Fact]
    public void TrainingStart_AnyUniform_KeepsTheClipInsideTheVideo()
    {
        Gen.Select(Gen.Double[0, 20], Gen.Double[0, 0.999999]).Sample((duration, uniform) =>
        {
            double start = TemporalSampling.TrainingStart(duration, 2.7, uniform);
            return start >= 0 && start <= Math.Max(duration - 2.7, 0);
        });
    }

    [Theory]
    [InlineData(10.0, 2, new[] { 0.0, 7.3 })]
    [InlineData(10.0, 1, new[] { 0.0 })]
    [InlineData(1.5, 2, new[] { 0.0, 0.0 })]
    public void EvaluationStarts_OfAVideo_SpanIt(double duration, int clips, double[] expected)
    {
        Assert.Equal(expected, TemporalSampling.EvaluationStarts(duration, 2.7, clips));
    }
}
