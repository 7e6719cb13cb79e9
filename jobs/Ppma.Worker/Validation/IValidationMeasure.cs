using Ppma.Api.Tasks;
using Ppma.Learning.Models;

namespace Ppma.Worker.Validation;

/// <summary>Measures a model on all clips of a validation set, the same way every time.</summary>
internal interface IValidationMeasure
{
    /// <param name="step">Steps done.</param>
    /// <param name="model">In evaluation mode, without gradients.</param>
    /// <param name="stopping">Ends the measurement in the middle.</param>
    /// <exception cref="OperationCanceledException">Stopped as asked.</exception>
    ValidationPoint Measure(long step, VideoModel model, CancellationToken stopping);
}
