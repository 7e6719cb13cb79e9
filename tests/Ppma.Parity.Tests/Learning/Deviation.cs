using static TorchSharp.torch;

namespace Ppma.Parity.Tests.Learning;

/// <summary>Collects how far tensors are from the golden ones and fails once, naming every tensor that is too far.</summary>
internal sealed class Deviation(ITestOutputHelper output)
{
    private const double Tolerance = 1e-4;

    private readonly List<(string Name, double Value)> seen = [];

    /// <summary>‖ours − theirs‖ / ‖theirs‖ in double precision.</summary>
    public void Add(string name, Tensor theirs, Tensor ours)
    {
        Assert.True(
            theirs.shape.AsSpan().SequenceEqual(ours.shape),
            $"{name}: ours has shape ({string.Join(", ", ours.shape)}), theirs ({string.Join(", ", theirs.shape)})");
        using var scope = NewDisposeScope();
        var expected = theirs.detach().to_type(ScalarType.Float64);
        double difference = (ours.detach().cpu().to_type(ScalarType.Float64) - expected).norm().item<double>();
        double norm = expected.norm().item<double>();
        seen.Add((name, norm > 0 ? difference / norm : difference));
    }

    public void Check(string what)
    {
        Assert.NotEmpty(seen);
        var (worstName, worst) = seen.MaxBy(entry => double.IsNaN(entry.Value) ? double.PositiveInfinity : entry.Value);
        output.WriteLine($"{what}: {seen.Count} tensors, largest deviation {worst:e2} ({worstName})");
        var far = seen.Where(entry => !(entry.Value <= Tolerance)).Select(entry => $"{entry.Name}: {entry.Value:e2}").ToList();
        Assert.True(far.Count == 0, $"{what}: {far.Count} of {seen.Count} tensors deviate by more than {Tolerance}:\n{string.Join('\n', far)}");
    }
}
