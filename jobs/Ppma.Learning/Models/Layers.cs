using Ppma.Learning.Interop;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Ppma.Learning.Models;

// Layers are values over tensors: they own nothing, so the same forward pass serves a model's own parameters
// and the averaged parameters of an ensemble.

/// <summary>Finds a weight by its published name.</summary>
internal delegate Tensor WeightLookup(string name);

/// <summary>Affine map of the last axis.</summary>
internal readonly record struct Linear(Tensor Weight, Tensor Bias)
{
    public static Linear Bind(WeightLookup weights, string name) => new(weights(name + ".weight"), weights(name + ".bias"));

    public Tensor Apply(Tensor x) => functional.linear(x, Weight, Bias);
}

/// <summary>Layer normalisation of the last axis, eps 1e-6.</summary>
internal readonly record struct LayerNorm(Tensor Weight, Tensor Bias, long Dim)
{
    private const double Epsilon = 1e-6;

    public static LayerNorm Bind(WeightLookup weights, string name, long dim) =>
        new(weights(name + ".weight"), weights(name + ".bias"), dim);

    public Tensor Apply(Tensor x) => functional.layer_norm(x, [Dim], Weight, Bias, Epsilon);
}

/// <summary>Multi-head self-attention through torch's fused kernel.</summary>
internal readonly record struct Attention(Linear Qkv, Linear Projection, int Heads)
{
    public static Attention Bind(WeightLookup weights, string name, int heads) =>
        new(Linear.Bind(weights, name + ".qkv"), Linear.Bind(weights, name + ".proj"), heads);

    /// <summary>(B, N, D) to (B, N, D).</summary>
    public Tensor Apply(Tensor x)
    {
        var (batch, tokens, dim) = (x.shape[0], x.shape[1], x.shape[2]);
        var qkv = Qkv.Apply(x).view(batch, tokens, 3, Heads, dim / Heads).permute(2, 0, 3, 1, 4);

        // Unbind, not three selects: backward then writes the gradient once instead of adding up three padded ones.
        var parts = qkv.unbind(0);
        var mixed = FusedAttention.Apply(parts[0], parts[1], parts[2]);
        return Projection.Apply(mixed.transpose(1, 2).reshape(batch, tokens, dim));
    }
}

/// <summary>Pre-norm transformer block with exact GELU and stochastic depth.</summary>
internal readonly record struct Block(LayerNorm Norm1, Attention Attention, LayerNorm Norm2, Linear Expand, Linear Contract, double DropPath)
{
    public static Block Bind(WeightLookup weights, string name, int dim, int heads, double dropPath = 0) => new(
        LayerNorm.Bind(weights, name + ".norm1", dim),
        Attention.Bind(weights, name + ".attn", heads),
        LayerNorm.Bind(weights, name + ".norm2", dim),
        Linear.Bind(weights, name + ".mlp.fc1"),
        Linear.Bind(weights, name + ".mlp.fc2"),
        dropPath);

    /// <summary>All blocks, one after the other: (B, N, D) to (B, N, D). What a single block alone needs is let go before the next begins.</summary>
    /// <param name="blocks">In their order.</param>
    /// <param name="x">Tokens.</param>
    /// <param name="training">Whether branches are dropped.</param>
    /// <param name="recompute">Whether what backward needs is computed again then, instead of kept.</param>
    public static Tensor Run(IReadOnlyList<Block> blocks, Tensor x, bool training, bool recompute)
    {
        foreach (var block in blocks)
        {
            using var scope = NewDisposeScope();
            var drawn = training && block.DropPath > 0 ? new BranchDrop(block.DropPath) : null;
            x = (recompute ? RecomputedBlock.Apply(block, x, drawn) : block.Apply(x, drawn)).MoveToOuterDisposeScope();
        }

        return x;
    }

    /// <summary>(B, N, D) to (B, N, D).</summary>
    /// <param name="x">Tokens.</param>
    /// <param name="drop">Which samples skip which branch; null where none does.</param>
    public Tensor Apply(Tensor x, BranchDrop? drop)
    {
        var attended = Attention.Apply(Norm1.Apply(x));
        x = x.Plus(drop?.Apply(attended, branchIndex: 0) ?? attended);
        var expanded = Contract.Apply(functional.gelu(Expand.Apply(Norm2.Apply(x))));
        return x.Plus(drop?.Apply(expanded, branchIndex: 1) ?? expanded);
    }
}
