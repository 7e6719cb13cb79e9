using Ppma.Learning.Interop;
using TorchSharp;
using static TorchSharp.torch;

namespace Ppma.Learning.Models;

/// <summary>Cuts videos (B, 3, T, H, W) into patches, in token order time, height, width.</summary>
internal static class Patches
{
    private static readonly long[] ChannelsFirst = [0, 2, 4, 6, 1, 3, 5, 7];
    private static readonly long[] ChannelsLast = [0, 2, 4, 6, 3, 5, 7, 1];

    /// <summary>Every patch, (B, N, P), values in the order a Conv3d kernel has them: colour, time, height, width.</summary>
    public static Tensor Unfold(Tensor video, VisionTransformerOptions options) =>
        Split(video, options).permute(ChannelsFirst).reshape(video.shape[0], options.Tokens, options.PatchValues);

    /// <summary>The patches of <paramref name="tokens"/> (B, n) only, values as in <see cref="Unfold"/>: (B, n, P).</summary>
    public static Tensor Gather(Tensor video, VisionTransformerOptions options, Tensor tokens) =>
        Pick(Split(video, options).permute(ChannelsFirst), options, tokens).flatten(2);

    /// <summary>The patches of <paramref name="tokens"/> (B, n) with colours last: (B, n, P / 3, 3).</summary>
    public static Tensor GatherChannelsLast(Tensor video, VisionTransformerOptions options, Tensor tokens) =>
        Pick(Split(video, options).permute(ChannelsLast), options, tokens).flatten(2, 4);

    /// <summary>Puts every patch with colours last, (B, N, P / 3, 3), back in its place: (B, 3, T, H, W).</summary>
    public static Tensor Fold(Tensor patches, VisionTransformerOptions options)
    {
        var (grid, patch) = (options.Grid, options.Patch);
        return patches
            .reshape(
                patches.shape[0], grid.Frames, grid.Height, grid.Width, patch.Frames, patch.Height, patch.Width, VisionTransformerOptions.Channels)
            .permute(0, 7, 1, 4, 2, 5, 3, 6)
            .reshape(patches.shape[0], VisionTransformerOptions.Channels, options.Frames, options.Size, options.Size);
    }

    private static Tensor Split(Tensor video, VisionTransformerOptions options)
    {
        var (grid, patch) = (options.Grid, options.Patch);
        long[] expected = [video.shape[0], VisionTransformerOptions.Channels, options.Frames, options.Size, options.Size];
        if (!video.shape.AsSpan().SequenceEqual(expected))
        {
            throw new ArgumentException(
                $"The video has shape ({string.Join(", ", video.shape)}) but the model takes (B, {string.Join(", ", expected[1..])}).");
        }

        return video.view(
            expected[0], expected[1], grid.Frames, patch.Frames, grid.Height, patch.Height, grid.Width, patch.Width);
    }

    private static Tensor Pick(Tensor patches, VisionTransformerOptions options, Tensor tokens)
    {
        var grid = options.Grid;
        using Scalar clips = tokens.shape[0].ToScalar(), width = grid.Width.ToScalar(), height = grid.Height.ToScalar();
        var clip = arange(Arithmetic.Zero, clips, Arithmetic.One, dtype: int64, device: tokens.device).unsqueeze(1);
        var column = tokens.remainder(width);
        var rows = tokens.floor_divide(width);
        return patches.index(clip, rows.floor_divide(height), rows.remainder(height), column);
    }
}
