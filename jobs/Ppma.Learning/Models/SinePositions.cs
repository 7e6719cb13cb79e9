using static TorchSharp.torch;

namespace Ppma.Learning.Models;

/// <summary>The fixed position table of "Attention Is All You Need", section 3.5.</summary>
internal static class SinePositions
{
    /// <summary>Table (1, <paramref name="positions"/>, <paramref name="dim"/>): sine at even, cosine at odd columns.</summary>
    public static Tensor Table(int positions, int dim, Device device)
    {
        var table = new float[positions * dim];
        for (int column = 0; column < dim; column++)
        {
            double wavelength = Math.Pow(10000, 2 * (column / 2) / (double)dim);
            for (int position = 0; position < positions; position++)
            {
                double angle = position / wavelength;
                table[(position * dim) + column] = (float)(column % 2 == 0 ? Math.Sin(angle) : Math.Cos(angle));
            }
        }

        return tensor(table, [1, positions, dim], device: device);
    }
}
