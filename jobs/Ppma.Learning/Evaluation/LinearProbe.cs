using Ppma.Datasets.Ordering;
using Ppma.Datasets.Randomness;
using Ppma.Learning.Objectives;
using Ppma.Learning.Optimization;
using static TorchSharp.torch;

namespace Ppma.Learning.Evaluation;

/// <summary>Trains a linear head on features that a frozen trunk gave once, and chooses its rate without seeing a test clip.</summary>
public static class LinearProbe
{
    /// <summary>
    /// Trains one head a rate on a part of the clips and scores it on the rest. All views of a clip are on one side.
    /// </summary>
    /// <returns>Top-1 (0..1) on the held-out clips, in the order of <paramref name="rates"/>.</returns>
    public static IReadOnlyList<double> TryRates(
        ClipFeatures training, IReadOnlyList<double> rates, double holdoutShare, ProbeOptions options, CancellationToken cancellationToken)
    {
        var (kept, heldOut) = Holdout.Choose(training.Labels, holdoutShare, options.Seed);
        using var learn = training.Select(kept);
        using var judge = training.Select(heldOut);
        return [.. rates.Select(rate =>
        {
            using var head = Train(learn, rate, options, cancellationToken);
            return head.Score(judge).Top1;
        })];
    }

    /// <summary>One head, trained for <see cref="ProbeOptions.Steps"/> steps; the caller disposes it.</summary>
    public static LinearHead Train(ClipFeatures training, double peakRate, ProbeOptions options, CancellationToken cancellationToken)
    {
        var head = new LinearHead(training.Features.shape[2], options.Classes, options.Seed);
        try
        {
            using var optimizer = new FusedAdamW(
                [
                    ParameterGroups.Single([KeyValuePair.Create("heads.0.0.weight", head.Weight)], options.WeightDecay),
                    ParameterGroups.Single([KeyValuePair.Create("heads.0.0.bias", head.Bias)], weightDecay: 0),
                ],
                new AdamWOptions());
            var schedule = RateSchedule.LinearProbe(peakRate, options.RateScale, options.WarmupShare);
            using var targets = Targets(training, options);
            using var rows = training.Features.flatten(0, 1);
            int count = training.Clips * training.Views;
            int size = Math.Min(options.BatchSize, count);
            int batches = count / size;
            long[] order = [];
            for (var step = 0; step < options.Steps; step++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (step % batches == 0)
                {
                    order = OrderOf(step / batches, count, options.Seed);
                }

                using var scope = NewDisposeScope();
                var batch = tensor(order.AsSpan(step % batches * size, size).ToArray());
                SoftCrossEntropy.Loss(head.Apply(rows.index_select(0, batch)), targets.index_select(0, batch)).backward();
                optimizer.SetLearningRate(schedule.At((double)step / options.Steps));
                optimizer.Step();
                optimizer.ZeroGradients();
            }

            return head;
        }
        catch
        {
            head.Dispose();
            throw;
        }
    }

    private static Tensor Targets(ClipFeatures training, ProbeOptions options)
    {
        using var labels = tensor(training.Labels.SelectMany(label => Enumerable.Repeat((long)label, training.Views)).ToArray());
        return SoftCrossEntropy.Targets(labels, options.Classes, options.LabelSmoothing);
    }

    /// <summary>Rows of one epoch, in an order of its own; what is left after the last whole batch is dropped.</summary>
    private static long[] OrderOf(int epoch, int rows, long seed)
    {
        var order = new long[rows];
        for (var i = 0; i < rows; i++)
        {
            order[i] = i;
        }

        new PhiloxStream(seed, RandomPurpose.SampleOrder, epoch).Shuffle<long>(order);
        return order;
    }
}
