namespace Ppma.Api.Tasks;

/// <summary>One measurement on a stage's validation set: a line of <c>validation.jsonl</c>.</summary>
public sealed record ValidationPoint
{
    /// <summary>Steps done.</summary>
    public required long Step { get; init; }

    /// <summary>MaskedAutoencoding: mean over the masked patches. Classification: cross-entropy of the logits averaged over a clip's views.</summary>
    public required double Loss { get; init; }

    /// <summary>Shares in 0..1; only of a classification, as those below.</summary>
    public double? Top1 { get; init; }

    public double? Top5 { get; init; }

    public double? MeanClassAccuracy { get; init; }

    /// <summary>Clips measured; a damaged one counts as wrong and has no loss.</summary>
    public required int Samples { get; init; }
}
