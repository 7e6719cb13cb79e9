using static TorchSharp.torch;

namespace Ppma.Learning.Checkpoints;

/// <summary>Copies tensors by name, all or none.</summary>
internal static class NamedTensors
{
    /// <exception cref="WeightsMismatchException">The names or shapes differ; every difference is named.</exception>
    public static void Copy(IReadOnlyDictionary<string, Tensor> from, IReadOnlyDictionary<string, Tensor> to)
    {
        List<string> problems =
        [
            .. to.Keys.Where(name => !from.ContainsKey(name)).Order(StringComparer.Ordinal).Select(name => $"missing '{name}'"),
            .. from.Keys.Where(name => !to.ContainsKey(name)).Order(StringComparer.Ordinal).Select(name => $"unexpected '{name}'"),
            .. to.Where(target => from.TryGetValue(target.Key, out var given) && !given.shape.AsSpan().SequenceEqual(target.Value.shape))
                .Select(target => $"'{target.Key}' has shape {Shape(from[target.Key])}, not {Shape(target.Value)}"),
        ];
        if (problems.Count > 0)
        {
            throw new WeightsMismatchException(problems);
        }

        using var noGradient = no_grad();
        foreach (var (name, target) in to)
        {
            target.copy_(from[name]);
        }
    }

    private static string Shape(Tensor tensor) => $"({string.Join(", ", tensor.shape)})";
}
