using Ppma.Learning.Precision;
using static TorchSharp.torch;

namespace Ppma.Learning.Training;

/// <summary>Steps that the device was given and whose losses the host has not asked for yet.</summary>
internal sealed class UnreadSteps(ComputePrecision precision)
{
    private readonly List<(Tensor Loss, Tensor GradientNorm, StepLoss Step, Func<IReadOnlyList<string>>? SampleKeys)> _steps = [];

    /// <summary>Adds the step after <paramref name="stepsDone"/>; keeps the tensors.</summary>
    public void Add(long stepsDone, double rate, Tensor loss, Tensor gradientNorm, Func<IReadOnlyList<string>>? sampleKeys) => _steps.Add(
        (loss.detach().DetachFromDisposeScope(), gradientNorm.DetachFromDisposeScope(), new StepLoss(stepsDone + 1, 0, rate), sampleKeys));

    /// <summary>All steps that were added, in order. The one place where the host waits for the device.</summary>
    public IReadOnlyList<(StepLoss Step, Func<IReadOnlyList<string>>? SampleKeys)> Read()
    {
        if (_steps.Count == 0)
        {
            return [];
        }

        float[] values;
        using (NewDisposeScope())
        {
            values = stack([.. _steps.Select(step => step.Loss), .. _steps.Select(step => step.GradientNorm)]).cpu().data<float>().ToArray();
        }

        (StepLoss, Func<IReadOnlyList<string>>?)[] read =
        [
            .. _steps.Select((step, i) => (Read(step.Step, loss: values[i], gradientNorm: values[_steps.Count + i]), step.SampleKeys)),
        ];
        Clear();
        return read;
    }

    public void Clear()
    {
        foreach (var step in _steps)
        {
            step.Loss.Dispose();
            step.GradientNorm.Dispose();
        }

        _steps.Clear();
    }

    private StepLoss Read(StepLoss step, float loss, float gradientNorm) => step with
    {
        Loss = loss,
        GradientNorm = gradientNorm,
        Skipped = (float.IsFinite(loss), float.IsFinite(gradientNorm)) switch
        {
            (false, _) => SkippedUpdate.Loss,
            (true, true) => SkippedUpdate.None,
            _ => precision == ComputePrecision.Float16 ? SkippedUpdate.Overflow : SkippedUpdate.Gradient,
        },
    };
}
