using Ppma.Video.Sampling;

namespace Ppma.Video.Augmentation;

/// <summary>How the clips of a batch are mixed with those of the batch in reversed order.</summary>
/// <param name="Share">Share of a clip that stays its own (λ); with a box, what the box leaves of the area.</param>
/// <param name="Box">Null: pixels are averaged (MixUp). Else this box comes from the other clip (CutMix).</param>
public readonly record struct MixDraw(double Share, CropBox? Box);
