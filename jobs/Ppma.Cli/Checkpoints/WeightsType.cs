namespace Ppma.Cli.Checkpoints;

/// <summary>Element types that weights are written in.</summary>
internal enum WeightsType
{
    Float32,
    BFloat16,
    Float16,
}
