using TorchSharp;
using static TorchSharp.torch;

namespace Ppma.Video.Augmentation;

/// <summary>
/// Arithmetic of tensors with numbers. TorchSharp's own operators make scalars that can be collected before the native call has read
/// them, which ends a long run or changes a colour. These are not.
/// </summary>
internal static class Arithmetic
{
    public static readonly Scalar Zero = 0.ToScalar();
    public static readonly Scalar One = 1.ToScalar();

    public static Tensor Plus(this Tensor left, Tensor right) => left.add(right, One);

    public static Tensor Plus(this Tensor left, double right)
    {
        using Scalar summand = right.ToScalar();
        return left.add(summand, One);
    }

    public static Tensor Times(this Tensor left, double right)
    {
        using Scalar factor = right.ToScalar();
        return left.mul(factor);
    }

    public static Tensor Over(this Tensor left, double right)
    {
        using Scalar divisor = right.ToScalar();
        return left.div(divisor);
    }

    /// <summary>1 − x.</summary>
    public static Tensor Complement(this Tensor x) => x.neg().add(One, One);
}
