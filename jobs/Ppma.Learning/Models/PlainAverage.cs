using Ppma.Learning.Checkpoints;
using Ppma.Learning.Interop;
using TorchSharp;
using static TorchSharp.torch;

namespace Ppma.Learning.Models;

/// <summary>The plain mean of several models, tensor by tensor (the paper's weight averaging).</summary>
public static class PlainAverage
{
    /// <summary>Averages in float64 and gives float32. The tensors are the caller's dispose scope's.</summary>
    /// <param name="members">At least one state dict by published name, in whatever precision; the same names and shapes in each.</param>
    /// <exception cref="WeightsMismatchException">
    /// Members differ in names or shapes from the first; every tensor is named, with the number of the member, from 1.
    /// </exception>
    public static IReadOnlyDictionary<string, Tensor> Of(IReadOnlyList<IReadOnlyDictionary<string, Tensor>> members)
    {
        List<string> problems = [.. members.Skip(1).SelectMany((member, index) => Differences(members[0], member, index + 2))];
        if (problems.Count > 0)
        {
            throw new WeightsMismatchException(problems);
        }

        using var noGradient = no_grad();
        return members[0].Keys.ToDictionary(name => name, name => Mean([.. members.Select(member => member[name])]));
    }

    private static Tensor Mean(Tensor[] tensors)
    {
        using var scope = NewDisposeScope();
        var sum = zeros(tensors[0].shape, dtype: float64);
        foreach (var tensor in tensors)
        {
            sum.add_(tensor.to_type(ScalarType.Float64), Arithmetic.One);
        }

        using Scalar count = tensors.Length.ToScalar();
        return sum.div_(count).to_type(ScalarType.Float32).MoveToOuterDisposeScope();
    }

    private static IEnumerable<string> Differences(IReadOnlyDictionary<string, Tensor> first, IReadOnlyDictionary<string, Tensor> other, int number) =>
    [
        .. first.Keys.Except(other.Keys).Order(StringComparer.Ordinal).Select(name => $"missing '{name}' in member {number}, which member 1 has"),
        .. other.Keys.Except(first.Keys).Order(StringComparer.Ordinal).Select(name => $"missing '{name}' in member 1, which member {number} has"),
        .. first.Where(tensor => other.TryGetValue(tensor.Key, out var its) && !its.shape.AsSpan().SequenceEqual(tensor.Value.shape))
            .Select(tensor => $"'{tensor.Key}' has shape {Shape(other[tensor.Key])} in member {number} and {Shape(tensor.Value)} in member 1"),
    ];

    private static string Shape(Tensor tensor) => $"({string.Join(", ", tensor.shape)})";
}
