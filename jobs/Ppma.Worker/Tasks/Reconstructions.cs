using System.Globalization;
using Ppma.Api.Tasks;
using Ppma.Learning.Models;
using Ppma.Learning.Objectives;
using Ppma.Learning.Training;
using Ppma.Worker.Execution;
using Ppma.Worker.Tracking;
using TorchSharp;
using static TorchSharp.torch;

namespace Ppma.Worker.Tasks;

/// <summary>
/// Pictures of what a masked autoencoder makes of clips it is trained on, always the same: original | masked | mask | reconstruction, with
/// the first, middle and last frame below each other. All are kept: four small files a drawing.
/// </summary>
internal sealed class Reconstructions : IDisposable
{
    private const int Clips = 4;

    private readonly TaskContext _context;
    private readonly PretrainStageTask _stage;
    private readonly List<(Tensor Video, TokenMask Mask)> _clips = [];

    /// <param name="context">The task.</param>
    /// <param name="stage">How often to draw.</param>
    /// <param name="batches">The clips of the first are drawn.</param>
    /// <param name="stopping">Ends the reading.</param>
    public Reconstructions(TaskContext context, PretrainStageTask stage, IBatchSource batches, CancellationToken stopping)
    {
        _context = context;
        _stage = stage;
        using Batch batch = batches.ReadFrom(0, stopping).First();
        using var scope = NewDisposeScope();
        int views = (int)batch.Video.shape[0];
        int clips = Math.Min(Clips, views);
        for (int clip = 0; clip < clips; clip++)
        {
            long row = (long)clip * (views / clips);
            _clips.Add((batch.Video.narrow(0, row, 1).clone().DetachFromDisposeScope(), batch.Mask!.CopyOf(row)));
        }
    }

    /// <summary>Whether this step is to be drawn and is not yet.</summary>
    public bool IsDue(long step) =>
        ((_stage.ReconstructionEverySteps > 0 && step % _stage.ReconstructionEverySteps == 0) || step == _stage.Optimization.Steps)
        && !File.Exists(FileOf(step, _clips.Count - 1));

    /// <summary>Draws them with a model in evaluation mode.</summary>
    public void Draw(long step, MaskedAutoencoder model, TrainingTracker tracker)
    {
        for (int clip = 0; clip < _clips.Count; clip++)
        {
            using var scope = NewDisposeScope();
            Tensor picture = Draw(model, _clips[clip].Video, _clips[clip].Mask);
            using Scalar black = 0.ToScalar(), white = 255.ToScalar();
            byte[] rgb = picture.mul(white).round().clamp(black, white).to_type(ScalarType.Byte).permute(1, 2, 0).contiguous().cpu().data<byte>().ToArray();
            byte[] png = PngWriter.Encode(rgb, (int)picture.shape[2], (int)picture.shape[1]);
            string name = $"reconstruction/clip-{clip}";
            _context.Artifacts.WhileOwner(() => tracker.OnPicture(step, name, png));
            _context.Artifacts.Publish(FileOf(step, clip), png);
        }
    }

    public void Dispose()
    {
        foreach ((Tensor video, TokenMask mask) in _clips)
        {
            video.Dispose();
            mask.Dispose();
        }
    }

    private string FileOf(long step, int clip) =>
        Path.Combine(_context.Artifacts.Reconstructions, string.Create(CultureInfo.InvariantCulture, $"step-{step:d8}-clip-{clip}.png"));

    /// <summary>(3, 3 frames · H, 4 panels · W) in 0..1.</summary>
    private static Tensor Draw(MaskedAutoencoder model, Tensor video, TokenMask mask)
    {
        Reconstruction pixels = Reconstruction.Paint(model.Reconstruct(video, mask), video, model.Options, mask);
        Tensor[] panels = [pixels.Original, pixels.Visible, pixels.Mask, pixels.Reconstructed];
        long[] frames = [0, model.Options.Frames / 2, model.Options.Frames - 1];
        return cat(frames.Select(frame => cat(panels.Select(panel => panel.squeeze(0).select(1, frame)).ToArray(), 2)).ToArray(), 1);
    }
}
