using Ppma.Api.Datasets;
using Ppma.Api.Evaluation;
using Ppma.Api.Pretraining;

namespace Ppma.Operator.Runs;

/// <summary>What the admission of a run looks at.</summary>
internal sealed record AdmissionInput
{
    public required RunView Run { get; init; }

    public required RunOptions Options { get; init; }

    /// <summary>The data sets that it names, as far as they are there.</summary>
    public IReadOnlyDictionary<string, VideoDataset> Datasets { get; init; } = new Dictionary<string, VideoDataset>();

    /// <summary>The PretrainRuns that it goes back to, as far as they are there.</summary>
    public IReadOnlyDictionary<string, PretrainRun> Runs { get; init; } = new Dictionary<string, PretrainRun>();

    /// <summary>EvalRuns that test on a data set which this run is measured on.</summary>
    public IReadOnlyList<EvalRun> Trials { get; init; } = [];

    /// <summary>The frozen tasks of the run that <c>resumeFrom</c> names; null where they were not read or are gone.</summary>
    public FrozenTasks? Resumed { get; init; }
}
