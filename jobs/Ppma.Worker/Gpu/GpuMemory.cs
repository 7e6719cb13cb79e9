namespace Ppma.Worker.Gpu;

/// <summary>Memory of a GPU, of all processes together.</summary>
/// <param name="TotalBytes">What it has.</param>
/// <param name="UsedBytes">What is taken.</param>
internal readonly record struct GpuMemory(long TotalBytes, long UsedBytes);
