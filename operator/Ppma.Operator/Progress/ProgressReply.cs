using Ppma.Api.Tasks;

namespace Ppma.Operator.Progress;

/// <summary>What came of asking a worker.</summary>
/// <param name="Progress">Its answer; null when there is none that can be used.</param>
/// <param name="Problem">Why there is none, for people: a part of a sentence about the worker.</param>
internal readonly record struct ProgressReply(TaskProgress? Progress, string? Problem)
{
    public static ProgressReply Of(TaskProgress progress) => new(progress, null);

    public static ProgressReply Failed(string problem) => new(null, problem);
}
