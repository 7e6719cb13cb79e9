namespace Ppma.Video.Synthesis;

/// <summary>
/// The three synthesised data sets. The numbers name random streams: never change or reuse one.
/// </summary>
public enum SyntheticSet
{
    /// <summary>Textured scenes with moving objects and camera, no figure; stands for No-Human Kinetics.</summary>
    Context = 1,

    /// <summary>Stick figures that move before plain walls; stands for renderings of virtual humans.</summary>
    Synthetic = 2,

    /// <summary>Other movements by differently drawn figures, before textured, noisy, moving scenes; the downstream set.</summary>
    Actions = 3,
}
