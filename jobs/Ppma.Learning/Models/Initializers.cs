using TorchSharp;
using static TorchSharp.torch;

namespace Ppma.Learning.Models;

/// <summary>Fills a new parameter from the given generator.</summary>
internal delegate void Initializer(Tensor values, Generator generator);

/// <summary>How parameters start.</summary>
internal static class Initializers
{
    /// <summary>Glorot and Bengio 2010, uniform; a kernel counts as the matrix it flattens to.</summary>
    public static readonly Initializer Xavier = (values, generator) =>
    {
        long outputs = values.shape[0];
        double bound = Math.Sqrt(6.0 / (outputs + (values.numel() / outputs)));
        values.uniform_(-bound, bound, generator);
    };

    public static Initializer Constant(double value) => (values, _) =>
    {
        using Scalar scalar = value.ToScalar();
        values.fill_(scalar);
    };

    public static Initializer Uniform(double bound) => (values, generator) => values.uniform_(-bound, bound, generator);

    public static Initializer Normal(double deviation) => (values, generator) => values.normal_(0, deviation, generator);
}
