namespace Ppma.Api.Tasks;

/// <summary>What a task computes.</summary>
public enum TaskKind
{
    /// <summary>One stage of a PretrainRun.</summary>
    PretrainStage,

    /// <summary>One EvalRun: a linear probe or a fine-tune, and its test result.</summary>
    Evaluate,

    /// <summary>Reads a data set's index, and on request every shard, and checks sizes and hashes.</summary>
    VerifyDataset,
}
