namespace Ppma.Learning.Precision;

/// <summary>Arithmetic of forward and backward; weights and optimiser state are always float32.</summary>
public enum ComputePrecision
{
    Float32,

    /// <summary>Matrix products in bfloat16, sums and normalisations in float32, as autocast decides.</summary>
    BFloat16,

    /// <summary>As <see cref="BFloat16"/> in float16, whose range is so small that gradients need a <see cref="GradientScaler"/>.</summary>
    Float16,
}
