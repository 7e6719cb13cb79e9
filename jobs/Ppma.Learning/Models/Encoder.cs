using Ppma.Learning.Interop;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Ppma.Learning.Models;

/// <summary>The trunk of the video ViT: patch embedding, positions, blocks. A value over tensors, as all layers are.</summary>
internal sealed class Encoder
{
    private readonly VisionTransformerOptions options;
    private readonly Linear embedding;
    private readonly Tensor positions;
    private readonly Block[] blocks;
    private readonly LayerNorm norm;

    public Encoder(VisionTransformerOptions options, WeightLookup weights)
    {
        this.options = options;
        embedding = Linear.Bind(weights, TrunkNames.PatchEmbedding);
        positions = weights(TrunkNames.Positions);
        blocks = [.. Enumerable.Range(0, options.Depth).Select(i =>
            Block.Bind(weights, TrunkNames.Block(i), options.Dim, options.Heads, DropPathOf(i)))];
        norm = LayerNorm.Bind(weights, TrunkNames.Norm, options.Dim);
    }

    /// <summary>Visible tokens through the blocks and the norm: video (B, 3, T, H, W), tokens (B, n) to (B, n, D).</summary>
    /// <param name="video">Normalised.</param>
    /// <param name="tokens">Indices of the visible tokens.</param>
    /// <param name="training">Whether branches are dropped.</param>
    /// <param name="recompute">Whether the blocks compute again in backward instead of keeping what it needs.</param>
    public Tensor Encode(Tensor video, Tensor tokens, bool training, bool recompute)
    {
        var places = positions.squeeze(0).index(tokens);
        return norm.Apply(Block.Run(blocks, Embed(Patches.Gather(video, options, tokens)).Plus(places), training, recompute));
    }

    /// <summary>Mean over the tokens of the last block, then the norm: (B, 3, T, H, W) to (B, D).</summary>
    public Tensor Features(Tensor video, bool training, bool recompute = false)
    {
        var tokens = Block.Run(blocks, Embed(Patches.Unfold(video, options)).Plus(positions), training, recompute);
        return norm.Apply(tokens.mean([1]));
    }

    private Tensor Embed(Tensor patches) =>
        functional.linear(patches, embedding.Weight.view(options.Dim, options.PatchValues), embedding.Bias);

    private double DropPathOf(int block) => options.Depth == 1 ? 0 : options.DropPath * block / (options.Depth - 1);
}
