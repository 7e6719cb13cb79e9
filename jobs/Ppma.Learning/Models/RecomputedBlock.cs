using Ppma.Learning.Precision;
using static TorchSharp.torch;

namespace Ppma.Learning.Models;

/// <summary>
/// A block that keeps its input alone and computes the rest again when backward arrives ("Training Deep Nets with Sublinear Memory Cost",
/// arXiv 1604.06174): less memory for a third more arithmetic. The gradients of its weights are added where they are, so the weights must
/// be parameters and not computed from others.
/// </summary>
internal sealed class RecomputedBlock : autograd.SingleTensorFunction<RecomputedBlock>
{
    private const string PassKey = "pass";

    // Autograd copies the reference to a result only after backward returned, on whichever thread it ran: the next call lets the last one go.
    [ThreadStatic]
    private static Tensor? returned;

    public override string Name => nameof(RecomputedBlock);

    /// <summary>(B, N, D) to (B, N, D).</summary>
    public static Tensor Apply(Block block, Tensor x, BranchDrop? drop) => apply(x, new Pass(block, drop, Autocast.Current(x.device)));

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        using var scope = NewDisposeScope();
        var (x, pass) = ((Tensor)vars[0], (Pass)vars[1]);
        ctx.save_for_backward([x]);
        ctx.save_data(PassKey, pass);
        ctx.set_materialize_grads(false);
        Tensor output = pass.Block.Apply(x, pass.Drop);
        pass.Drop?.DetachFromDisposeScope();
        return output.MoveToOuterDisposeScope();
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using var scope = NewDisposeScope();
        using var gradient = grad_output;
        var pass = (Pass)ctx.get_data(PassKey);
        Tensor x = ctx.get_saved_variables()[0].detach().requires_grad_();
        Tensor output;
        using (enable_grad())
        using (Autocast.Begin(x.device, pass.Precision))
        {
            output = pass.Block.Apply(x, pass.Drop);
        }

        output.backward([gradient]);
        pass.Drop?.Dispose();
        returned?.Dispose();
        returned = x.grad!.DetachFromDisposeScope();
        return [returned, null!];
    }

    private sealed record Pass(Block Block, BranchDrop? Drop, ComputePrecision Precision);
}
