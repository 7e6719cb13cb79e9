namespace Ppma.Worker.Tasks;

/// <summary>Shares of the memory for loading, where a stage reads its validation set while batches wait.</summary>
internal static class StageMemory
{
    public const double Validation = 0.25;

    /// <summary>What is left for training.</summary>
    public static double Training(bool hasValidation) => hasValidation ? 1 - Validation : 1;
}
