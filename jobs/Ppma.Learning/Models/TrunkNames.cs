namespace Ppma.Learning.Models;

/// <summary>Names of weights as published checkpoints spell them.</summary>
internal static class TrunkNames
{
    public const string Prefix = "trunk.";
    public const string MaskToken = "trunk.mask_token";
    public const string Positions = "trunk.pos_embed";
    public const string PatchEmbedding = "trunk.patch_embed.proj.1";
    public const string Norm = "trunk.norm";
    public const string Decoder = "trunk.decoder.";
    public const string DecoderPositions = "trunk.decoder.pos_embed";
    public const string DecoderEmbedding = "trunk.decoder.decoder_embed";
    public const string DecoderNorm = "trunk.decoder.norm";
    public const string Heads = "heads.";
    public const string MaskedHead = "heads.0.projector";
    public const string MixingRatio = "mixing_ratio";
    public const string Blocks = "trunk.blocks.";

    public static string ClassHead(int head) => $"{Heads}{head}.0";

    public static string Block(int index) => $"{Blocks}{index}";

    public static string DecoderBlock(int index) => $"trunk.decoder.decoder_blocks.{index}";
}
