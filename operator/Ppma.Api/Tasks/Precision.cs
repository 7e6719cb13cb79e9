namespace Ppma.Api.Tasks;

/// <summary>Arithmetic of forward and backward; weights and optimiser state are always float32.</summary>
public enum Precision
{
    Float32,
    BFloat16,
}
