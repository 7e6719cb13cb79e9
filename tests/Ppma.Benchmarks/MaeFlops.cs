using Ppma.Learning.Models;

namespace Ppma.Benchmarks;

/// <summary>Floating-point operations of one MAE step, a product of (a, b) and (b, c) counted as 2abc.</summary>
internal sealed record MaeFlops(double Forward, double Backward)
{
    public double Step => Forward + Backward;

    public static MaeFlops Of(VisionTransformerOptions options, int batch, int visible)
    {
        double embedding = 2.0 * visible * options.PatchValues * options.Dim;
        double rest = (options.Depth * Block(visible, options.Dim))
            + (2.0 * options.Tokens * options.Dim * options.DecoderDim)
            + (options.DecoderDepth * Block(options.Tokens, options.DecoderDim))
            + (2.0 * (options.Tokens - visible) * options.DecoderDim * options.PatchValues);
        return new MaeFlops(batch * (embedding + rest), batch * (embedding + (2 * rest)));
    }

    // Projections (4 D^2) and MLP (8 D^2) for every token, then queries by keys and weights by values.
    private static double Block(double tokens, double dim) => (24 * tokens * dim * dim) + (4 * tokens * tokens * dim);
}
