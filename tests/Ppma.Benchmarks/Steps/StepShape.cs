using Ppma.Learning.Costs;
using Ppma.Learning.Models;
using Ppma.Learning.Precision;

namespace Ppma.Benchmarks.Steps;

/// <summary>What a step computes, on which device.</summary>
/// <param name="Objective">"mae" or "classification".</param>
/// <param name="Options">The model's numbers.</param>
/// <param name="Batch">Clips a step.</param>
/// <param name="Device">"cpu" or "cuda".</param>
internal sealed record StepShape(string Objective, VisionTransformerOptions Options, int Batch, string Device = "cpu")
{
    public const string Mae = "mae";
    public const string Classification = "classification";
    public const int Classes = 150;

    /// <summary>Every tenth token is visible, as many as the paper's mask leaves.</summary>
    public int Visible => (Options.Tokens + 9) / 10;

    /// <summary>Useful operations of a step.</summary>
    public double Flops => StepFlops.Of(new StepWork
    {
        Model = Options,
        Batch = Batch,
        MaskedTokens = Objective == Mae ? Options.Tokens - Visible : null,
        Classes = Classes,
    }).Useful;

    /// <summary>The request of step_peer.py for a step of this shape.</summary>
    public object Request(ComputePrecision precision, bool compile) => new
    {
        objective = Objective,
        device = Device,
        precision = precision.ToString(),
        compile,
        batch = Batch,
        frames = Options.Frames,
        size = Options.Size,
        patch = new[] { Options.Patch.Frames, Options.Patch.Height, Options.Patch.Width },
        dim = Options.Dim,
        depth = Options.Depth,
        heads = Options.Heads,
        decoderDim = Options.DecoderDim,
        decoderDepth = Options.DecoderDepth,
        decoderHeads = Options.DecoderHeads,
        classes = Classes,
        dropPath = Options.DropPath,
    };
}
