namespace Ppma.Api.Tasks;

/// <summary>Arithmetic of forward and backward; weights and optimiser state are always float32.</summary>
public enum Precision
{
    Float32,
    BFloat16,

    /// <summary>With a gradient scaler, whose state is part of a checkpoint.</summary>
    Float16,
}
