using CsCheck;
using Ppma.Learning.Evaluation;

namespace Ppma.Learning.Tests.Evaluation;

public sealed class ClipPredictionTests
{
    [Fact]
    public void Of_Logits_GivesTheFiveHighestWithTheirSoftmax()
    {
        var prediction = ClipPrediction.Of(ordinal: 7, label: 3, [0, 1, 2, 3, 2, 1, float.NegativeInfinity]);

        Assert.Equal((7, 0, true), (prediction.Ordinal, prediction.Rank, prediction.Correct));
        Assert.Equal([3, 2, 4, 1, 5], prediction.Top.Select(top => top.Class));
        double sum = Math.Exp(0) + (2 * Math.Exp(1)) + (2 * Math.Exp(2)) + Math.Exp(3);
        Assert.Equal(Math.Exp(3) / sum, prediction.Top[0].Probability, 1e-12);
    }

    [Fact]
    public void Of_AnyLogits_RanksAsTheTopListDoes()
    {
        // Few values, so that many are equal.
        Gen.Int[-2, 2].Select(value => (float)value).Array[1, 9].SelectMany(logits => Gen.Int[0, logits.Length - 1], (logits, label) => (logits, label))
            .Sample(sample =>
            {
                var prediction = ClipPrediction.Of(0, sample.label, sample.logits);
                int place = prediction.Top.Select(top => top.Class).ToList().IndexOf(sample.label);
                return prediction.CorrectTop5 == (place >= 0)
                    && (place < 0 || place == prediction.Rank)
                    && prediction.Top.Sum(top => top.Probability) <= 1 + 1e-9;
            });
    }

    [Fact]
    public void Of_NaN_IsLeftOutAndNeverRight()
    {
        var own = ClipPrediction.Of(0, label: 1, [0, float.NaN, 1]);
        Assert.Equal((null, false, false), ((object?)own.Rank, own.Correct, own.CorrectTop5));
        Assert.Equal([2, 0], own.Top.Select(top => top.Class));
        Assert.Empty(ClipPrediction.Of(0, label: 0, [float.NaN]).Top);
    }

    [Fact]
    public void Of_LabelWithoutALogit_Throws() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => ClipPrediction.Of(0, label: 2, [0, 1]));

    [Fact]
    public void Count_Predictions_GivesTheCellsThatOccur()
    {
        ClipPrediction[] predictions =
        [
            ClipPrediction.Of(0, label: 1, [0, 1]), ClipPrediction.Of(1, label: 1, [1, 0]), ClipPrediction.Of(2, label: 0, [1, 0]),
            ClipPrediction.Of(3, label: 1, [1, 0]), ClipPrediction.OfDamaged(4, label: 1),
        ];

        Assert.Equal(
            [new ConfusionCell(0, 0, 1), new ConfusionCell(1, 0, 2), new ConfusionCell(1, 1, 1), new ConfusionCell(1, null, 1)],
            ConfusionCell.Count(predictions));
    }
}
