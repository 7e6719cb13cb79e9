using Ppma.Api.Recipes;
using Ppma.Api.Tasks;
using Ppma.Learning.Checkpoints;
using Ppma.Learning.Models;

namespace Ppma.Cli.Checkpoints;

/// <summary>What a manifest has to say to use weights.</summary>
internal static class WeightsText
{
    /// <summary>The model, and the fields of <c>model:</c> that it fits.</summary>
    public static IEnumerable<string> Lines(WeightsShape? shape)
    {
        if (shape is null)
        {
            yield return "no names of a video ViT: nothing here starts from it";
            yield break;
        }

        string classes = shape.Classes.Count > 0 ? $" with {string.Join(" and ", shape.Classes)} outputs" : "";
        yield return shape.Kind switch
        {
            WeightsKind.MaskedAutoencoder => "masked autoencoder: trunk, decoder and pixel head",
            WeightsKind.Classifier => $"classifier: trunk and head{classes}",
            WeightsKind.AdaptiveAverage => $"adaptive average: scores and head{classes}; its trunks are elsewhere",
            _ => "trunk alone",
        };
        if (shape.Model is { } model)
        {
            yield return $"fits {Fits(model, shape.Kind == WeightsKind.MaskedAutoencoder)}";
        }
    }

    /// <summary><c>objective:</c> of a manifest's fromCheckpoint.</summary>
    public static string ObjectiveOf(WeightsShape? shape) => shape is { Kind: WeightsKind.MaskedAutoencoder } ? "MaskedAutoencoding" : "ActionClassification";

    private static string Fits(VisionTransformerOptions model, bool decodes)
    {
        foreach ((string name, ModelShape preset) in ModelPresets.All)
        {
            if (preset.Dim == model.Dim && preset.Depth == model.Depth && preset.Patch.SequenceEqual([model.Patch.Frames, model.Patch.Height, model.Patch.Width])
                && preset.Frames == model.Frames && preset.Size == model.Size
                && (!decodes || (preset.DecoderDim == model.DecoderDim && preset.DecoderDepth == model.DecoderDepth)))
            {
                return $"model: {{preset: {name}}} (numbers of heads are in no file: {preset.Heads}{(decodes ? $" and {preset.DecoderHeads}" : "")} there)";
            }
        }

        string decoder = decodes ? $", decoderDim: {model.DecoderDim}, decoderDepth: {model.DecoderDepth}, decoderHeads: ?" : "";
        return $"model: {{frames: {model.Frames}, size: {model.Size}, patch: [{model.Patch.Frames}, {model.Patch.Height}, {model.Patch.Width}], dim: {model.Dim}, depth: {model.Depth}, heads: ?{decoder}}} " +
            $"(any frames and size of {model.Tokens} tokens; numbers of heads are in no file)";
    }
}
