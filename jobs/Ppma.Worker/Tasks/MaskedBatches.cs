using Ppma.Datasets.Randomness;
using Ppma.Learning.Training;
using Ppma.Video.Loading;

namespace Ppma.Worker.Tasks;

/// <summary>Turns views into batches of a masked autoencoder: every view with a mask of its own.</summary>
internal sealed class MaskedBatches(TrainingViews views, MaskDraw masks, long seed) : IBatchSource
{
    public IEnumerable<Batch> ReadFrom(long firstStep, CancellationToken cancellationToken)
    {
        foreach (ViewBatch batch in views.ReadFrom(firstStep, cancellationToken))
        {
            using (batch)
            {
                IReadOnlyList<ViewOrigin> origins = batch.Views;
                yield return new Batch
                {
                    Video = batch.ToDevice(TaskDevice.Current),
                    Mask = masks.Draw(origins.Count, row =>
                    {
                        ViewOrigin origin = origins[row];
                        return new PhiloxStream(seed, RandomPurpose.Mask, origin.Visit.Pass, origin.Visit.RandomSample, origin.View);
                    }),
                    SampleKeys = () => views.NamesOf(origins),
                };
            }
        }
    }
}
