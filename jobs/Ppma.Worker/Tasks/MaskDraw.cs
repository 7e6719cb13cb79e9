using Ppma.Datasets.Randomness;
using Ppma.Learning.Models;
using static TorchSharp.torch;

namespace Ppma.Worker.Tasks;

/// <summary>Draws which tokens of each clip are masked: uniformly, always as many.</summary>
internal sealed class MaskDraw(VisionTransformerOptions model, double maskRatio)
{
    // The paper's code truncates: 90 % of 1,568 tokens are 1,411.
    private readonly int _masked = (int)(maskRatio * model.Tokens);

    /// <param name="rows">Clips.</param>
    /// <param name="random">The stream of each.</param>
    /// <returns>Outside of any scope: the caller disposes it.</returns>
    public TokenMask Draw(int rows, Func<int, PhiloxStream> random)
    {
        int tokens = model.Tokens;
        bool[] flags = new bool[rows * tokens];
        int[] order = new int[tokens];
        for (int row = 0; row < rows; row++)
        {
            for (int token = 0; token < tokens; token++)
            {
                order[token] = token;
            }

            random(row).Shuffle<int>(order);
            foreach (int token in order.AsSpan(0, _masked))
            {
                flags[(row * tokens) + token] = true;
            }
        }

        using var scope = NewDisposeScope();
        TokenMask mask = TokenMask.FromFlags(flags, rows, TaskDevice.Current);
        mask.Visible.DetachFromDisposeScope();
        mask.Masked.DetachFromDisposeScope();
        return mask;
    }
}
