using Ppma.Learning.Evaluation;
using Ppma.Learning.Models;
using Ppma.Learning.Precision;
using Ppma.Video.Loading;
using static TorchSharp.torch;

namespace Ppma.Worker.Tasks;

/// <summary>What a classifier says of clips: the logits of a clip's views averaged. All views of a clip are in one batch.</summary>
internal static class ClipTest
{
    /// <summary>One prediction a clip, in the order of the ordinals; the model is put into evaluation mode.</summary>
    /// <param name="model">Its first head answers.</param>
    /// <param name="batches">Disposed one by one.</param>
    /// <param name="compute">Precision of the forward pass; logits are averaged in float32.</param>
    public static IEnumerable<ClipPrediction> Predict(ClipClassifier model, IEnumerable<SampleViewBatch> batches, ComputePrecision compute)
    {
        model.Training = false;
        foreach (SampleViewBatch batch in batches)
        {
            using (batch)
            {
                float[] logits = MeanLogits(model, batch, compute);
                for (int sample = 0; sample < batch.Labels.Count; sample++)
                {
                    int ordinal = batch.FirstOrdinal + sample;
                    yield return batch.Damaged[sample]
                        ? ClipPrediction.OfDamaged(ordinal, batch.Labels[sample])
                        : ClipPrediction.Of(ordinal, batch.Labels[sample], logits.AsSpan(sample * model.Classes, model.Classes));
                }
            }
        }
    }

    /// <summary>(samples · classes).</summary>
    internal static float[] MeanLogits(ClipClassifier model, SampleViewBatch batch, ComputePrecision compute)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var precision = Autocast.Begin(model.Device, compute);
        return MeanOverViews(model.Forward(batch.ToDevice(model.Device).flatten(0, 1)), batch.Labels.Count);
    }

    /// <summary>(clips · views, classes), of whatever precision, to (clips · classes) on the host.</summary>
    internal static float[] MeanOverViews(Tensor logits, long clips) => logits.to_type(ScalarType.Float32)
        .view(clips, -1, logits.shape[^1]).mean([1]).contiguous().cpu().data<float>().ToArray();
}
