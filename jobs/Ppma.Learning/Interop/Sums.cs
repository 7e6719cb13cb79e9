using TorchSharp;
using static TorchSharp.torch;

namespace Ppma.Learning.Interop;

/// <summary>
/// Sums and differences of tensors in a training step. TorchSharp's own operators make a scalar for the factor of the second operand
/// that can be collected before the native call has read it, which ends a long run or changes a number. These factors never are.
/// </summary>
internal static class Sums
{
    private static readonly Scalar One = 1;
    private static readonly Scalar MinusOne = -1;

    public static Tensor Plus(this Tensor left, Tensor right) => left.add(right, One);

    public static Tensor Minus(this Tensor left, Tensor right) => left.add(right, MinusOne);
}
