using TorchSharp;
using static TorchSharp.torch;

namespace Ppma.Learning.Interop;

/// <summary>
/// Sums of tensors in a training step. TorchSharp's own operators make a scalar for the factor of the second operand that can be
/// collected before the native call has read it, which ends a long run or changes a number. These factors never are.
/// </summary>
internal static class Arithmetic
{
    public static readonly Scalar Zero = 0.ToScalar();
    public static readonly Scalar One = 1.ToScalar();

    public static Tensor Plus(this Tensor left, Tensor right) => left.add(right, One);
}
