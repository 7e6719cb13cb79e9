using Ppma.Datasets.Randomness;
using Ppma.Learning.Models;
using Ppma.Learning.Training;
using Ppma.Video.Loading;
using static TorchSharp.torch;

namespace Ppma.Worker.Tasks;

/// <summary>Turns views into batches of a masked autoencoder: every view with a mask of its own.</summary>
internal sealed class MaskedBatches(TrainingViews views, VisionTransformerOptions model, double maskRatio, long seed) : IBatchSource
{
    // The paper's code truncates: 90 % of 1,568 tokens are 1,411.
    private readonly int _masked = (int)(maskRatio * model.Tokens);

    public IEnumerable<Batch> ReadFrom(long firstStep, CancellationToken cancellationToken)
    {
        foreach (ViewBatch batch in views.ReadFrom(firstStep, cancellationToken))
        {
            using (batch)
            {
                yield return new Batch { Video = batch.ToDevice(TaskDevice.Current), Mask = Draw(batch.Views) };
            }
        }
    }

    private TokenMask Draw(IReadOnlyList<ViewOrigin> origins)
    {
        int tokens = model.Tokens;
        bool[] flags = new bool[origins.Count * tokens];
        int[] order = new int[tokens];
        for (int row = 0; row < origins.Count; row++)
        {
            ViewOrigin origin = origins[row];
            for (int token = 0; token < tokens; token++)
            {
                order[token] = token;
            }

            new PhiloxStream(seed, RandomPurpose.Mask, origin.Visit.Pass, origin.Visit.RandomSample, origin.View).Shuffle<int>(order);
            foreach (int token in order.AsSpan(0, _masked))
            {
                flags[(row * tokens) + token] = true;
            }
        }

        using var scope = NewDisposeScope();
        TokenMask mask = TokenMask.FromFlags(flags, origins.Count, TaskDevice.Current);
        mask.Visible.DetachFromDisposeScope();
        mask.Masked.DetachFromDisposeScope();
        return mask;
    }
}
