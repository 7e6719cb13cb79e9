using Ppma.Api.Tasks;
using Ppma.Video.Loading;

namespace Ppma.Worker.Records;

/// <summary><c>record.json</c>: what lets anyone repeat a task, and see why a repetition might differ.</summary>
internal sealed record RunRecord
{
    public required string TaskDigest { get; init; }

    public required int Attempt { get; init; }

    public required DateTimeOffset StartTime { get; init; }

    /// <summary>Name and version, sorted: <c>.NET</c>, <c>libtorch</c>, <c>cpu</c> and the like.</summary>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary>The whole task: data set digests, hyper-parameters, seed, threads.</summary>
    public required TaskSpec Task { get; init; }

    /// <summary>How often a clip could not be decoded; absent where all could.</summary>
    public long? DamagedClips { get; init; }

    /// <summary>The first of them, with what the decoder said.</summary>
    public IReadOnlyList<DamagedClip>? Damaged { get; init; }
}
