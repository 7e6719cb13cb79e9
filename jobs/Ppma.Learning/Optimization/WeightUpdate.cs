using Ppma.Learning.Interop;
using Ppma.Learning.Precision;
using TorchSharp;
using static TorchSharp.torch;

namespace Ppma.Learning.Optimization;

/// <summary>
/// What one step does with the gradients: unscale, clip, skip where something is no finite number, update, average. Everything is
/// decided on the device, and unscaling and clipping are one division inside the optimiser's kernel.
/// </summary>
/// <param name="optimizer">Has the gradients and the rates.</param>
/// <param name="scaler">In half precision.</param>
/// <param name="average">Where one is kept.</param>
/// <param name="clipNorm">Largest joint norm of the gradients; 0 turns clipping off.</param>
public sealed class WeightUpdate(FusedAdamW optimizer, GradientScaler? scaler, WeightAverage? average, double clipNorm)
{
    // As torch's clip_grad_norm_.
    private const double ClipEpsilon = 1e-6;

    /// <summary>Backward of one loss, added to the gradients that are there.</summary>
    public void Backward(Tensor loss) => (scaler is null ? loss : loss * scaler.Scale).backward();

    /// <summary>Applies the gradients and drops them.</summary>
    /// <param name="loss">Of the whole batch, a scalar; the weights stay as they are where it, or a gradient, is no finite number.</param>
    /// <returns>Norm of the gradients before clipping, a scalar on the device.</returns>
    public Tensor Apply(Tensor loss)
    {
        using var noGradient = no_grad();
        Tensor norm = optimizer.GradientNorm();
        if (scaler is not null)
        {
            norm = norm / scaler.Scale.squeeze();
        }

        Tensor skip = (loss.isfinite() & norm.isfinite()).logical_not().to_type(ScalarType.Float32);
        optimizer.Step(skip, Divisor(norm));
        scaler?.Update(skip.view(1));
        average?.Update();
        optimizer.ZeroGradients();
        return norm;
    }

    private Tensor? Divisor(Tensor norm)
    {
        if (clipNorm == 0)
        {
            return scaler?.Scale;
        }

        using Scalar epsilon = ClipEpsilon.ToScalar(), most = clipNorm.ToScalar();
        Tensor excess = norm.add(epsilon, Arithmetic.One).div(most).clamp(min: Arithmetic.One);
        return scaler is null ? excess : excess * scaler.Scale;
    }
}
