using Ppma.Learning.Models;
using Ppma.Learning.Objectives;
using Ppma.Learning.Training;
using Ppma.Worker.Execution;
using static TorchSharp.torch;

namespace Ppma.Worker.Tasks;

/// <summary>
/// Pictures of what a masked autoencoder makes of clips it was trained on: original | masked | mask | reconstruction, with the first,
/// middle and last frame below each other.
/// </summary>
internal static class Reconstructions
{
    private const int Clips = 4;

    public static void Write(TaskContext context, MaskedAutoencoder model, IBatchSource batches)
    {
        model.Training = false;
        using Batch batch = batches.ReadFrom(0, CancellationToken.None).First();
        int views = (int)batch.Video.shape[0];
        int clips = Math.Min(Clips, views);
        for (int clip = 0; clip < clips; clip++)
        {
            using var scope = NewDisposeScope();
            using var noGradient = no_grad();
            long row = (long)clip * (views / clips);
            Tensor picture = Draw(model, batch.Video.narrow(0, row, 1), batch.Mask!.Of(row));
            byte[] rgb = picture.mul(255).round().clamp(0, 255).to_type(ScalarType.Byte).permute(1, 2, 0).contiguous().cpu().data<byte>().ToArray();
            byte[] png = PngWriter.Encode(rgb, (int)picture.shape[2], (int)picture.shape[1]);
            context.Artifacts.Publish(Path.Combine(context.Artifacts.Reconstructions, $"clip-{clip}.png"), png);
        }
    }

    /// <summary>(3, 3 frames · H, 4 panels · W) in 0..1.</summary>
    private static Tensor Draw(MaskedAutoencoder model, Tensor video, TokenMask mask)
    {
        Reconstruction pixels = Reconstruction.Paint(model.Reconstruct(video, mask), video, model.Options, mask);
        Tensor[] panels = [pixels.Original, pixels.Visible, pixels.Mask, pixels.Reconstructed];
        long[] frames = [0, model.Options.Frames / 2, model.Options.Frames - 1];
        return cat(frames.Select(frame => cat(panels.Select(panel => panel.squeeze(0).select(1, frame)).ToArray(), 2)).ToArray(), 1);
    }
}
