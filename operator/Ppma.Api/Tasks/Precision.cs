namespace Ppma.Api.Tasks;

/// <summary>Arithmetic of forward and backward; weights and optimiser state are always float32.</summary>
public enum Precision
{
    /// <summary>Single precision; on a GPU also without TF32.</summary>
    Float32,

    /// <summary>Mixed with bfloat16; needs no scaler.</summary>
    BFloat16,

    /// <summary>With a gradient scaler, whose state is part of a checkpoint.</summary>
    Float16,
}
