using Ppma.Learning.Models;
using Ppma.Worker.Artifacts;
using static TorchSharp.torch;

namespace Ppma.Worker.Tasks;

/// <summary>How much of each member an adaptive average learned to take: <c>shares.json</c>.</summary>
internal static class MemberShares
{
    public const string FileName = "shares.json";

    /// <returns>The share of each member, over all tensors where there is one score a tensor.</returns>
    public static IReadOnlyList<double> Publish(RunFolder artifacts, AdaptiveAverage average)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        Tensor shares = average.Shares().cpu();
        bool perTensor = shares.dim() == 2;
        double[] members = Numbers(perTensor ? shares.mean([1]) : shares);
        artifacts.PublishJson(FileName, new SharesDocument
        {
            Members = members,
            Scores = perTensor ? null : Numbers(average.Scores.cpu()),
            Tensors = perTensor
                ? average.TensorNames.Select((name, index) => KeyValuePair.Create(name, Numbers(shares.select(1, index)))).ToDictionary()
                : null,
        });
        return members;
    }

    private static double[] Numbers(Tensor values) => [.. values.contiguous().data<float>().Select(value => (double)value)];

    private sealed record SharesDocument
    {
        public required IReadOnlyList<double> Members { get; init; }

        public IReadOnlyList<double>? Scores { get; init; }

        /// <summary>With a score a tensor: its members' shares by its name.</summary>
        public IReadOnlyDictionary<string, double[]>? Tensors { get; init; }
    }
}
