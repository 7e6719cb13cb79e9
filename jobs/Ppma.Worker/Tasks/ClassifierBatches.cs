using Ppma.Api.Tasks;
using Ppma.Datasets.Labels;
using Ppma.Datasets.Randomness;
using Ppma.Learning.Objectives;
using Ppma.Learning.Training;
using Ppma.Video.Augmentation;
using Ppma.Video.Loading;
using static TorchSharp.torch;

namespace Ppma.Worker.Tasks;

/// <summary>Turns views into batches of a classifier: soft targets, smoothed and mixed.</summary>
internal sealed class ClassifierBatches(TrainingViews views, LabelMap labels, AugmentationSpec augmentation, long seed) : IBatchSource
{
    private readonly BatchMixing _mixing = augmentation.ToMixing();

    public IEnumerable<Batch> ReadFrom(long firstStep, CancellationToken cancellationToken)
    {
        foreach (ViewBatch batch in views.ReadFrom(firstStep, cancellationToken))
        {
            using (batch)
            {
                IReadOnlyList<ViewOrigin> origins = batch.Views;
                Tensor video = batch.ToDevice(TaskDevice.Current);
                yield return new Batch
                {
                    Video = video,
                    Targets = Targets(batch, video),
                    Head = HeadOf(batch),
                    SampleKeys = () => views.NamesOf(origins),
                };
            }
        }
    }

    // A batch comes from one data set, which trains one head.
    private int HeadOf(ViewBatch batch) => labels.HeadOf(batch.Views[0].Visit.Dataset);

    private Tensor Targets(ViewBatch batch, Tensor video)
    {
        using var scope = NewDisposeScope();
        Tensor outputs = tensor(batch.Views.Select(view => (long)labels.OutputOf(view.Visit.Dataset, view.Label)).ToArray());
        Tensor targets = SoftCrossEntropy.Targets(outputs, labels.Heads[HeadOf(batch)].Count, augmentation.LabelSmoothing);
        return Mix(batch, video, targets).to(TaskDevice.Current).MoveToOuterDisposeScope().DetachFromDisposeScope();
    }

    /// <summary>One draw for each group of consecutive clips, by its number in the whole batch; an odd last one is left alone.</summary>
    private Tensor Mix(ViewBatch batch, Tensor video, Tensor targets)
    {
        var parts = new List<Tensor>();
        int rows = batch.Views.Count;
        for (int first = 0; first < rows; first += augmentation.MixGroup)
        {
            int count = Math.Min(augmentation.MixGroup, rows - first);
            Tensor part = targets.narrow(0, first, count);
            Tensor clips = video.narrow(0, first, count);
            var random = new PhiloxStream(seed, RandomPurpose.Mix, batch.Step, (batch.FirstView + first) / augmentation.MixGroup);
            if (count > 1 && _mixing.Draw((int)clips.shape[^2], (int)clips.shape[^1], random) is { } mix)
            {
                BatchMixing.MixClipsInPlace(clips, mix);
                part = BatchMixing.MixTargets(part, mix);
            }

            parts.Add(part);
        }

        return cat(parts);
    }
}
