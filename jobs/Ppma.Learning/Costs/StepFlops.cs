using Ppma.Learning.Models;

namespace Ppma.Learning.Costs;

/// <summary>
/// Floating-point operations of a training step, all of its batch: the matrix products, (a, b) by (b, c) counted as 2abc, as model
/// FLOPs utilisation is reckoned (PaLM, arXiv 2204.02311, appendix B). Norms, activations, softmax and the optimiser, which are few
/// and bound by memory, are left out.
/// </summary>
/// <param name="Forward">Of the forward pass.</param>
/// <param name="Backward">Twice a layer's forward; once where its input needs no gradient; nothing for what is frozen.</param>
/// <param name="Recomputed">Blocks that are computed again in the backward pass: work for the device, but none that counts as useful.</param>
public sealed record StepFlops(double Forward, double Backward, double Recomputed)
{
    /// <summary>Forward and backward: the numerator of model FLOPs utilisation.</summary>
    public double Useful => Forward + Backward;

    /// <summary>All that the device computes.</summary>
    public double Total => Useful + Recomputed;

    public static StepFlops Of(StepWork work) => work switch
    {
        { MaskedTokens: { } masked } => MaskedAutoencoding(work, masked),
        { AveragedModels: > 0 } => AveragedClassification(work),
        _ => Classification(work),
    };

    /// <summary>Forward pass of the classifier over so many views, nothing learned: what evaluation takes.</summary>
    public static double Inference(VisionTransformerOptions model, int classes, double views) =>
        views * (Embedding(model, model.Tokens) + Trunk(model, model.Tokens) + Head(model, classes));

    private static StepFlops MaskedAutoencoding(StepWork work, int masked)
    {
        var model = work.Model;
        double embedding = Embedding(model, work.VisibleTokens);
        double blocks = Trunk(model, work.VisibleTokens) + (model.DecoderDepth * Block(model.Tokens, model.DecoderDim));
        double rest = (2.0 * model.Tokens * model.Dim * model.DecoderDim) + (2.0 * masked * model.DecoderDim * model.PatchValues);
        return Trained(work, embedding, blocks, rest);
    }

    private static StepFlops Classification(StepWork work)
    {
        var model = work.Model;
        double embedding = Embedding(model, model.Tokens);
        double blocks = Trunk(model, model.Tokens);
        double head = Head(model, work.Classes);
        return work.TrunkFrozen
            ? new StepFlops(work.Batch * (embedding + blocks + head), work.Batch * head, 0)
            : Trained(work, embedding, blocks, head);
    }

    // The trunk is averaged once for each part of the batch, and the scores' gradient is the same product again.
    private static StepFlops AveragedClassification(StepWork work)
    {
        double averaging = 2.0 * work.AccumulationSteps * work.AveragedModels * ModelLayout.TrunkOf(work.Model).ParameterCount;
        var classification = Classification(work with { TrunkFrozen = false });
        return classification with { Forward = classification.Forward + averaging, Backward = classification.Backward + averaging };
    }

    // Pixels need no gradient, so the embedding's backward is one product and not two.
    private static StepFlops Trained(StepWork work, double embedding, double blocks, double rest) => new(
        work.Batch * (embedding + blocks + rest),
        work.Batch * (embedding + (2 * (blocks + rest))),
        work.RecomputeActivations ? work.Batch * blocks : 0);

    private static double Embedding(VisionTransformerOptions model, int tokens) => 2.0 * tokens * model.PatchValues * model.Dim;

    private static double Trunk(VisionTransformerOptions model, int tokens) => model.Depth * Block(tokens, model.Dim);

    private static double Head(VisionTransformerOptions model, int classes) => 2.0 * model.Dim * classes;

    // qkv, projection and MLP are 3 + 1 + 8 times dim² for every token; then queries by keys, and weights by values.
    private static double Block(double tokens, double dim) => (24 * tokens * dim * dim) + (4 * tokens * tokens * dim);
}
