using Ppma.Api.Tasks;
using Ppma.Datasets.Randomness;
using Ppma.Learning.Models;
using Ppma.Learning.Objectives;
using Ppma.Worker.Tasks;
using static TorchSharp.torch;

namespace Ppma.Worker.Validation;

/// <summary>
/// The loss of a masked autoencoder: of every clip its first seconds, the centre crop, and a mask that belongs to the clip.
/// </summary>
internal sealed class ReconstructionMeasure(ValidationClips clips, MaskDraw masks, long seed) : IValidationMeasure
{
    public ValidationPoint Measure(long step, VideoModel model, CancellationToken stopping)
    {
        var autoencoder = (MaskedAutoencoder)model;
        double sum = 0;
        int measured = 0, samples = 0;
        clips.ForEach(clips: 1, crops: 1, (batch, views, good) =>
        {
            samples += batch.Labels.Count;
            if (good.Length > 0)
            {
                using TokenMask mask = masks.Draw(
                    good.Length, row => new PhiloxStream(seed, RandomPurpose.ValidationMask, sample: batch.FirstOrdinal + good[row]));
                Tensor video = views.squeeze(1);
                Tensor loss = MaskedReconstruction.Loss(autoencoder.Forward(video, mask), video, autoencoder.Options, mask);

                // Every clip masks as many tokens: the mean over clips is that over all masked patches.
                sum += (double)loss.item<float>() * good.Length;
                measured += good.Length;
            }
        }, stopping);
        return new ValidationPoint { Step = step, Loss = sum / measured, Samples = samples };
    }
}
