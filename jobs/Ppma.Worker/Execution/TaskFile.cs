using System.Text.Json;
using Ppma.Api.Tasks;

namespace Ppma.Worker.Execution;

/// <summary>A task as it was read.</summary>
/// <param name="Spec">What to compute.</param>
/// <param name="Digest">SHA-256 (hex) of the file's bytes.</param>
internal sealed record TaskFile(TaskSpec Spec, string Digest)
{
    /// <exception cref="TaskFailedException">64, naming the file and the field.</exception>
    public static TaskFile Read(string path)
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw BadSpec(path, $"cannot be read: {e.Message}", e);
        }

        RequireVersion(path, bytes);
        TaskSpec spec;
        try
        {
            spec = TaskJson.Deserialize<TaskSpec>(bytes);
        }
        catch (JsonException e)
        {
            throw BadSpec(path, $"is no task of version {TaskSpec.CurrentVersion}: {e.Message}", e);
        }

        RequireOneKind(path, spec);
        return new TaskFile(spec, TaskJson.Digest(bytes));
    }

    // Before the rest, because a task of another version has other fields, and those are not what is wrong with it.
    private static void RequireVersion(string path, byte[] bytes)
    {
        int version = TaskSpec.CurrentVersion;
        try
        {
            using JsonDocument document = JsonDocument.Parse(bytes);
            if (document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("taskVersion", out JsonElement element)
                && !(element.ValueKind == JsonValueKind.Number && element.TryGetInt32(out version)))
            {
                version = -1;
            }
        }
        catch (JsonException e)
        {
            throw BadSpec(path, $"is no JSON: {e.Message}", e);
        }

        if (version != TaskSpec.CurrentVersion)
        {
            throw BadSpec(
                path,
                $"has a taskVersion that this worker does not know; it computes version {TaskSpec.CurrentVersion}. Use the worker image that the task was resolved for");
        }
    }

    private static void RequireOneKind(string path, TaskSpec spec)
    {
        (TaskKind Kind, bool Set)[] sections =
        [
            (TaskKind.PretrainStage, spec.PretrainStage is not null),
            (TaskKind.Evaluate, spec.Evaluate is not null),
            (TaskKind.VerifyDataset, spec.VerifyDataset is not null),
        ];
        foreach ((TaskKind kind, bool set) in sections)
        {
            if (set != (kind == spec.Kind))
            {
                string field = JsonNamingPolicy.CamelCase.ConvertName(kind.ToString());
                throw BadSpec(path, $"has kind {spec.Kind}, so '{field}' must {(set ? "be absent" : "be set")}");
            }
        }
    }

    private static TaskFailedException BadSpec(string path, string cause, Exception? inner = null) =>
        new(ExitCodes.BadSpec, $"Task file '{path}' {cause.TrimEnd('.')}.", inner);
}
