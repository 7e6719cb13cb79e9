namespace Ppma.Learning.Checkpoints;

/// <summary>Weights do not fit a model; every weight that does not is named.</summary>
public sealed class WeightsMismatchException : Exception
{
    public WeightsMismatchException(IReadOnlyList<string> problems)
        : base($"The weights do not fit the model ({problems.Count} problems): {string.Join("; ", problems)}. " +
            "Check that the model's numbers are those the weights were trained with and that the right parts are selected.")
    {
        Problems = problems;
    }

    /// <summary>One entry a weight.</summary>
    public IReadOnlyList<string> Problems { get; }
}
