using Ppma.Learning.Models;
using Ppma.Learning.Precision;

namespace Ppma.Learning.Costs;

/// <summary>
/// Bytes that training needs at its peak. All but <see cref="Activations"/> are counted; activations are estimated from what autograd
/// keeps of each block (its inputs to norms in float32, its inputs to products, GELU and attention in the precision of compute; the
/// attention matrix is never stored), plus one block's work again for the backward pass. The library itself and the allocator's waste
/// come on top.
/// </summary>
/// <param name="Weights">Parameters and fixed tables, float32; members of an average too.</param>
/// <param name="Gradients">Float32, of what is trained.</param>
/// <param name="Moments">AdamW's two averages, float32.</param>
/// <param name="MovingAverage">Of the weights, float32; 0 where none is kept.</param>
/// <param name="Activations">Of one part of the batch; with autocast, the copies of the weights that it makes too.</param>
public sealed record StepMemory(long Weights, long Gradients, long Moments, long MovingAverage, long Activations)
{
    private const int Float = sizeof(float);

    public long Total => Weights + Gradients + Moments + MovingAverage + Activations;

    public static StepMemory Of(StepWork work)
    {
        var layout = work.Layout;
        long own = layout.ParameterCount + layout.Tables.Sum(table => table.Elements);
        long trunk = ModelLayout.TrunkOf(work.Model).ParameterCount;
        long trained = work.Trainable.Sum(tensor => tensor.Elements);
        long average = work.AveragedModels > 0 ? Float * trunk : 0;
        long copies = ElementBytes(work) < Float ? ElementBytes(work) * (work.AveragedModels > 0 ? trunk : layout.ParameterCount) : 0;
        return new StepMemory(
            Float * (own + (work.AveragedModels * trunk)),
            Float * trained,
            2 * Float * trained,
            work.MovingAverage ? Float * trained : 0,
            (2 * average) + copies + (Views(work) * ActivationsOfView(work)));
    }

    private static long Views(StepWork work) => (work.Batch + work.AccumulationSteps - 1) / work.AccumulationSteps;

    private static long ElementBytes(StepWork work) => work.Precision == ComputePrecision.Float32 ? Float : 2;

    private static long ActivationsOfView(StepWork work)
    {
        var model = work.Model;
        long element = ElementBytes(work);
        long pixels = Float * (long)VisionTransformerOptions.Channels * model.Frames * model.Size * model.Size;
        long patches = Float * (long)work.VisibleTokens * model.PatchValues;
        long trunk = Blocks(work, model.Depth, work.VisibleTokens, model.Dim, work.TrunkFrozen);
        if (work.MaskedTokens is not { } masked)
        {
            return pixels + patches + trunk;
        }

        long embedding = (Float + element) * model.Tokens * (long)model.Dim;
        long decoder = Blocks(work, model.DecoderDepth, model.Tokens, model.DecoderDim, frozen: false);

        // Prediction, target, and the square of their difference.
        long predictions = (element + (2 * Float)) * masked * (long)model.PatchValues;
        return pixels + patches + trunk + embedding + decoder + predictions;
    }

    private static long Blocks(StepWork work, int depth, long tokens, long dim, bool frozen)
    {
        // In float32: the inputs of both norms. In the precision of compute: the inputs of qkv (1), attention (3 and its result), MLP (1), GELU (4) and
        // the last product (4).
        long input = Float * tokens * dim;
        long block = tokens * dim * ((2 * Float) + (14 * ElementBytes(work)));
        return block + (frozen ? 0 : depth * (work.RecomputeActivations ? input : block));
    }
}
