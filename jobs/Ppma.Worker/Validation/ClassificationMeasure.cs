using Ppma.Api.Tasks;
using Ppma.Learning.Evaluation;
using Ppma.Learning.Models;
using Ppma.Worker.Tasks;

namespace Ppma.Worker.Validation;

/// <summary>Cross-entropy and accuracies of a classifier over the paper's test views, whose logits are averaged.</summary>
/// <param name="clips">The validation set.</param>
/// <param name="head">Head of the model that knows the set's classes.</param>
/// <param name="outputs">The head's output of each class of the set.</param>
internal sealed class ClassificationMeasure(ValidationClips clips, int head, IReadOnlyList<int> outputs) : IValidationMeasure
{
    private const int Clips = 2;
    private const int Crops = 3;

    public ValidationPoint Measure(long step, VideoModel model, CancellationToken stopping)
    {
        var classifier = (VideoClassifier)model;
        int classes = classifier.HeadClasses[head];
        var counter = new AccuracyCounter(classes);
        double sum = 0;
        clips.ForEach(Clips, Crops, (batch, views, good) =>
        {
            float[] logits = good.Length == 0 ? [] : ClipTest.MeanOverViews(classifier.Forward(views.flatten(0, 1), head), views.shape[0]);
            for (int i = 0; i < good.Length; i++)
            {
                ReadOnlySpan<float> ofClip = logits.AsSpan(i * classes, classes);
                int label = outputs[batch.Labels[good[i]]];
                counter.Add(ofClip, label);
                sum += CrossEntropy(ofClip, label);
            }

            foreach (int row in Enumerable.Range(0, batch.Labels.Count).Where(row => batch.Damaged[row]))
            {
                counter.AddDamaged(outputs[batch.Labels[row]]);
            }
        }, stopping);
        return new ValidationPoint
        {
            Step = step,
            Loss = sum / (counter.Samples - counter.Damaged),
            Top1 = counter.Top1,
            Top5 = counter.Top5,
            MeanClassAccuracy = counter.MeanClassAccuracy,
            Samples = counter.Samples,
        };
    }

    /// <summary>−log softmax at the label.</summary>
    internal static double CrossEntropy(ReadOnlySpan<float> logits, int label)
    {
        double highest = double.NegativeInfinity;
        foreach (float logit in logits)
        {
            highest = Math.Max(highest, logit);
        }

        double sum = 0;
        foreach (float logit in logits)
        {
            sum += Math.Exp(logit - highest);
        }

        return highest + Math.Log(sum) - logits[label];
    }
}
