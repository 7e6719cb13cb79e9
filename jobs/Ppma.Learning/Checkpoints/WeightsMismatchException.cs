namespace Ppma.Learning.Checkpoints;

/// <summary>Tensors from a file do not fit where they should go; every one that does not is named.</summary>
public sealed class WeightsMismatchException : Exception
{
    public WeightsMismatchException(IReadOnlyList<string> problems)
        : base($"The stored tensors do not fit ({problems.Count} problems): {string.Join("; ", problems)}. " +
            "Check that the model's numbers are those the tensors were trained with and that the right parts are selected.")
    {
        Problems = problems;
    }

    /// <summary>One entry a tensor.</summary>
    public IReadOnlyList<string> Problems { get; }
}
