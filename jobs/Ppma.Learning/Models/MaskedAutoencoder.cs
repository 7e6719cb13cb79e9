using Ppma.Learning.Interop;
using static TorchSharp.torch;

namespace Ppma.Learning.Models;

/// <summary>
/// Masked autoencoder of video ("Masked Autoencoders As Spatiotemporal Learners", arXiv 2205.09113; OmniMAE's shape): the encoder sees
/// the visible tokens only, a small decoder predicts the normalised pixels of the masked ones.
/// </summary>
public sealed class MaskedAutoencoder : VideoModel
{
    private readonly Encoder encoder;
    private readonly Block[] decoder;
    private readonly Linear decoderEmbedding;
    private readonly LayerNorm decoderNorm;
    private readonly Linear head;

    /// <exception cref="ArgumentException"><paramref name="options"/> has problems; all are named.</exception>
    public MaskedAutoencoder(VisionTransformerOptions options, long seed, Device? device = null)
        : base(options, seed, device)
    {
        AddParameter(TrunkNames.MaskToken, [1, options.Dim], Initializers.Constant(0));
        AddTrunk(Initializers.Xavier);
        AddTable(TrunkNames.DecoderPositions, SinePositions.Table(options.Tokens, options.Dim, Device));
        AddLinear(TrunkNames.DecoderEmbedding, options.Dim, options.DecoderDim, Initializers.Xavier);
        for (int block = 0; block < options.DecoderDepth; block++)
        {
            AddBlock(TrunkNames.DecoderBlock(block), options.DecoderDim, Initializers.Xavier);
        }

        AddNorm(TrunkNames.DecoderNorm, options.DecoderDim);
        AddLinear(TrunkNames.MaskedHead, options.DecoderDim, options.PatchValues, Initializers.Normal(0.02));

        encoder = new Encoder(options, Weight);
        decoderEmbedding = Linear.Bind(Weight, TrunkNames.DecoderEmbedding);
        decoder = [.. Enumerable.Range(0, options.DecoderDepth).Select(i =>
            Block.Bind(Weight, TrunkNames.DecoderBlock(i), options.DecoderDim, options.DecoderHeads))];
        decoderNorm = LayerNorm.Bind(Weight, TrunkNames.DecoderNorm, options.DecoderDim);
        head = Linear.Bind(Weight, TrunkNames.MaskedHead);
    }

    /// <summary>
    /// Predicted patches of the masked tokens: normalised video (B, 3, T, H, W) to (B, masked, P), values ordered time, height,
    /// width, colour.
    /// </summary>
    public Tensor Forward(Tensor video, TokenMask mask)
    {
        var tokens = Decode(Encode(video, mask), mask);
        var masked = mask.Masked.unsqueeze(-1).expand(-1, -1, Options.DecoderDim);
        return Predict(tokens.gather(1, masked));
    }

    /// <summary>Predicted patches of every token, visible ones included: (B, N, P). For pictures.</summary>
    public Tensor Reconstruct(Tensor video, TokenMask mask) => Predict(Decode(Encode(video, mask), mask));

    /// <summary>Encoded visible tokens, after the norm: (B, visible, D).</summary>
    public Tensor Encode(Tensor video, TokenMask mask) => encoder.Encode(video, mask.Visible, Training, RecomputesBlocks);

    private Tensor Decode(Tensor encoded, TokenMask mask)
    {
        var places = mask.Visible.unsqueeze(-1).expand(-1, -1, Options.Dim);
        var absent = Weight(TrunkNames.MaskToken).to_type(encoded.dtype).expand(encoded.shape[0], Options.Tokens, Options.Dim);
        var tokens = decoderEmbedding.Apply(absent.scatter(1, places, encoded).Plus(Weight(TrunkNames.DecoderPositions)));
        return Block.Run(decoder, tokens, Training, RecomputesBlocks);
    }

    private Tensor Predict(Tensor tokens) => head.Apply(decoderNorm.Apply(tokens));
}
