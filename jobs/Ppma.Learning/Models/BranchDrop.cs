using TorchSharp;
using static TorchSharp.torch;

namespace Ppma.Learning.Models;

/// <summary>
/// "Deep Networks with Stochastic Depth" (arXiv 1603.09382): in one pass through a block a sample skips a branch with some probability.
/// Drawn when first asked; a pass that is computed again drops the same.
/// </summary>
/// <param name="probability">To skip a branch.</param>
internal sealed class BranchDrop(double probability) : IDisposable
{
    private readonly Tensor?[] kept = new Tensor?[2];

    /// <summary>The branch (B, N, D), zero where a sample skips it and larger elsewhere, so that its mean stays.</summary>
    public Tensor Apply(Tensor branch, int branchIndex) => branch * (kept[branchIndex] ??= Draw(branch));

    /// <summary>Outlives the scope of the first pass; whoever runs the second disposes it.</summary>
    public void DetachFromDisposeScope()
    {
        foreach (var drawn in kept)
        {
            drawn?.DetachFromDisposeScope();
        }
    }

    public void Dispose()
    {
        foreach (var drawn in kept)
        {
            drawn?.Dispose();
        }
    }

    private Tensor Draw(Tensor branch)
    {
        using Scalar share = (1 - probability).ToScalar();
        return full([branch.shape[0], 1, 1], share, dtype: branch.dtype, device: branch.device).bernoulli().div_(share);
    }
}
