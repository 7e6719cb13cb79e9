using Ppma.Learning.Models;
using Ppma.Worker.Tracking;
using Ppma.Worker.Validation;

namespace Ppma.Worker.Tasks;

/// <summary>What a stage looks at between two steps: its validation set, and pictures of what it reconstructs.</summary>
internal sealed class StageInspection(StageValidation? validation, Reconstructions? reconstructions) : IDisposable
{
    public StageValidation? Validation => validation;

    /// <summary>Whether there is anything to look at after so many steps.</summary>
    public bool IsDue(long step) => IsValidationDue(step) || AreReconstructionsDue(step);

    /// <exception cref="OperationCanceledException">Stopped as asked.</exception>
    public void Run(long step, VideoModel model, TrainingTracker tracker)
    {
        if (AreReconstructionsDue(step))
        {
            reconstructions!.Draw(step, (MaskedAutoencoder)model, tracker);
        }

        if (IsValidationDue(step))
        {
            validation!.Run(step, model, tracker);
        }
    }

    public void Dispose() => reconstructions?.Dispose();

    private bool IsValidationDue(long step) => validation?.IsDue(step) ?? false;

    private bool AreReconstructionsDue(long step) => reconstructions?.IsDue(step) ?? false;
}
