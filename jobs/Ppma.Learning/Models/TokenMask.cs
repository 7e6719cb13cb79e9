using static TorchSharp.torch;

namespace Ppma.Learning.Models;

/// <summary>
/// Which tokens the encoder sees and which it must predict, as indices, so that no step has to ask the device how many there are.
/// </summary>
public sealed class TokenMask : IDisposable
{
    private TokenMask(Tensor visible, Tensor masked)
    {
        Visible = visible;
        Masked = masked;
    }

    /// <summary>Indices of the visible tokens, ascending: (B, visible) int64.</summary>
    public Tensor Visible { get; }

    /// <summary>Indices of the masked tokens, ascending: (B, masked) int64.</summary>
    public Tensor Masked { get; }

    /// <summary>From flags, clip after clip, true where a token is masked.</summary>
    /// <exception cref="ArgumentException">The clips do not all have the same number of masked tokens, at least 1, or one has none visible.</exception>
    public static TokenMask FromFlags(ReadOnlySpan<bool> masked, int clips, Device? device = null)
    {
        if (clips < 1 || masked.Length % clips != 0)
        {
            throw new ArgumentException($"{masked.Length} mask flags cannot be shared evenly by {clips} clips.", nameof(masked));
        }

        int tokens = masked.Length / clips;
        int count = masked[..tokens].Count(true);
        if (count == 0 || count == tokens)
        {
            throw new ArgumentException($"{count} of {tokens} tokens are masked; at least one must be masked and one visible.", nameof(masked));
        }

        var hidden = new List<long>(clips * count);
        var seen = new List<long>(clips * (tokens - count));
        for (int clip = 0; clip < clips; clip++)
        {
            var flags = masked.Slice(clip * tokens, tokens);
            if (flags.Count(true) != count)
            {
                throw new ArgumentException(
                    $"Clip {clip} masks {flags.Count(true)} tokens but clip 0 masks {count}; every clip must mask the same number.", nameof(masked));
            }

            for (int token = 0; token < tokens; token++)
            {
                (flags[token] ? hidden : seen).Add(token);
            }
        }

        return new TokenMask(
            tensor(seen.ToArray(), [clips, tokens - count], device: device),
            tensor(hidden.ToArray(), [clips, count], device: device));
    }

    /// <summary>From a tensor whose first axis is the clip and whose others are the tokens; non-zero is masked. Read on the host.</summary>
    /// <exception cref="ArgumentException">As <see cref="FromFlags"/>.</exception>
    public static TokenMask FromTensor(Tensor mask, Device? device = null)
    {
        using var flags = mask.to_type(ScalarType.Bool).cpu().contiguous();
        return FromFlags(flags.data<bool>().ToArray(), (int)mask.shape[0], device);
    }

    /// <summary>The masks of <paramref name="count"/> clips in a row.</summary>
    public TokenMask Of(long first, long count) => new(Visible.narrow(0, first, count), Masked.narrow(0, first, count));

    /// <summary>The mask of one clip alone, in memory of its own and outside of any scope: the caller disposes it.</summary>
    public TokenMask CopyOf(long clip)
    {
        using var scope = NewDisposeScope();
        return new TokenMask(
            Visible.narrow(0, clip, 1).clone().DetachFromDisposeScope(), Masked.narrow(0, clip, 1).clone().DetachFromDisposeScope());
    }

    public void Dispose()
    {
        Visible.Dispose();
        Masked.Dispose();
    }
}
