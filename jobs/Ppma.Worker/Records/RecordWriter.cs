using Ppma.Worker.Execution;

namespace Ppma.Worker.Records;

/// <summary>Writes the record: before the first step, so that a failed attempt has one too, and again when clips were damaged.</summary>
internal sealed class RecordWriter(IEnumerable<IVersionSource> sources)
{
    public void Write(TaskContext context)
    {
        var environment = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach ((string name, string version) in sources.SelectMany(source => source.Versions(context.Task)))
        {
            environment[name] = version;
        }

        context.Artifacts.PublishJson(context.Artifacts.RecordFile, new RunRecord
        {
            TaskDigest = context.TaskDigest,
            Attempt = context.Attempt,
            StartTime = context.StartTime,
            Environment = environment,
            Task = context.Task,
            DamagedClips = context.Damaged.Any(part => part.Count > 0) ? context.Damaged.Sum(part => part.Count) : null,
            Damaged = context.Damaged.Any(part => part.Count > 0) ? [.. context.Damaged.SelectMany(part => part.Named)] : null,
        });
    }
}
