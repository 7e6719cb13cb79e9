using Ppma.Api.Manifests;
using Ppma.Api.Resolution;
using Ppma.Api.Tasks;

namespace Ppma.Api.Tests.Resolution;

/// <summary>The quickstart's manifests with facts as if its data were there and runs had finished.</summary>
internal static class Quickstart
{
    public static ResolutionSettings Settings { get; } = new()
    {
        DataRoot = "/data", OutputRoot = "/runs", MachineThreads = 2, TrustOnFirstUse = true,
    };

    public static KnownFacts Facts { get; } = new()
    {
        Datasets = new Dictionary<ResourceKey, DatasetFacts>
        {
            [new("default", "context")] = Dataset(Humans.Removed, 'c', "train", 3000),
            [new("default", "synthetic")] = Dataset(Humans.Synthetic, 'd', "train", 4000),
            [new("default", "actions")] = Dataset(Humans.Synthetic, 'e', "train", 1000, "test", 1000),
        },
    };

    /// <summary>The quickstart, after <paramref name="edit"/> changed its text.</summary>
    public static ManifestSet Read(Func<string, string>? edit = null) => ManifestReader.Read(
        Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Examples", "quickstart"))
            .Order(StringComparer.Ordinal)
            .Select(file => (Path.GetFileName(file), edit is null ? File.ReadAllText(file) : edit(File.ReadAllText(file)))));

    public static RunResolution Resolve(string name, KnownFacts? facts = null, Func<string, string>? edit = null, ResolutionSettings? settings = null)
    {
        var set = Read(edit);
        return new RunResolver(set, settings ?? Settings).Resolve(RunOrder.Of(set).Single(run => run.Name == name), facts ?? Facts);
    }

    public static ResolvedRun Resolved(string name, KnownFacts? facts = null, Func<string, string>? edit = null, ResolutionSettings? settings = null)
    {
        var resolution = Resolve(name, facts, edit, settings);
        Assert.Empty(resolution.Problems);
        return resolution.Run!;
    }

    public static RunFacts Finish(ResolvedRun run) => RunFacts.From(run, [.. run.Tasks.Select(task => new TaskResult
    {
        TaskDigest = task.TaskDigest,
        InputDigest = task.Spec.InputDigest,
        Kind = TaskKind.PretrainStage,
        StartTime = DateTimeOffset.UnixEpoch,
        CompletionTime = DateTimeOffset.UnixEpoch,
        Training = new()
        {
            Steps = 600, FinalLoss = 1, Checkpoint = $"{task.Name}/checkpoints/600", WeightsDigest = CanonicalJson.Digest(task.Json.Span),
        },
    })]);

    public static KnownFacts After(ResolvedRun run) => Facts with
    {
        Runs = new Dictionary<ResourceKey, RunFacts> { [new("default", run.Identity.Name)] = Finish(run) },
    };

    private static DatasetFacts Dataset(Humans humans, char digest, params object[] splits) => new()
    {
        Digest = new string(digest, 64),
        Humans = humans,
        Classes = ["0", "1"],
        Samples = splits.Chunk(2).ToDictionary(split => (string)split[0], split => (long)(int)split[1]),
    };
}
