using Ppma.Learning.Checkpoints;
using Ppma.Learning.Models;

namespace Ppma.Learning.Training;

/// <summary>What surrounds the loop: where checkpoints go and who watches.</summary>
public interface ITrainingRun
{
    /// <summary>The checkpoint to go on from; null begins at step 0.</summary>
    StoredCheckpoint? LoadCheckpoint();

    /// <summary>Puts the weights to start from into a model that goes on from no checkpoint.</summary>
    void LoadInitialWeights(VideoModel model);

    /// <summary>Copies the state and the tensors before it returns, and makes them durable beside the training.</summary>
    void SaveCheckpoint(TrainingState state, IReadOnlyList<TensorGroup> tensors);

    /// <summary>Waits until the last checkpoint that was given is durable.</summary>
    CheckpointManifest AwaitCheckpoint();

    /// <summary>Training goes on after <paramref name="state"/>: whatever was reported of later steps never happened.</summary>
    void OnContinue(TrainingState state, IReadOnlyList<string> environmentChanges);

    /// <summary>A step was given to the device. Called at every step; throws what went wrong with a checkpoint meanwhile.</summary>
    /// <param name="stepsDone">Steps of the run so far, this one included.</param>
    /// <param name="waited">How long the step waited for its batch.</param>
    void OnStep(long stepsDone, TimeSpan waited);

    /// <summary>Whether <see cref="Inspect"/> wants to see the model after so many steps, and has not yet.</summary>
    bool Inspects(long stepsDone) => false;

    /// <summary>Whether what <see cref="Inspect"/> saw asks for a checkpoint of this step, beside those that are due anyway.</summary>
    bool Keeps(long stepsDone) => false;

    /// <summary>
    /// Shows the model between two steps, before the checkpoint of that step: in evaluation mode, without gradients, with the weights that
    /// the run would hand on. The model stays as it is.
    /// </summary>
    /// <exception cref="OperationCanceledException">Stopped as asked; the attempt that goes on from here looks again.</exception>
    void Inspect(long stepsDone, VideoModel model)
    {
    }

    /// <summary>Losses of consecutive steps are known.</summary>
    void OnLosses(IReadOnlyList<StepLoss> losses);
}
