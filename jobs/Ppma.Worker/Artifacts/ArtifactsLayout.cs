using Ppma.Api.Tasks;

namespace Ppma.Worker.Artifacts;

/// <summary>Where a task's files are.</summary>
internal static class ArtifactsLayout
{
    /// <returns>The run's folder, and the task's: a stage has one of its own in it.</returns>
    /// <exception cref="TaskFailedException">64 when the URI is no <c>file:</c> URI or the stage's name no folder name.</exception>
    public static (string Root, string TaskFolder) Locate(TaskSpec task)
    {
        if (!Uri.TryCreate(task.ArtifactsUri, UriKind.Absolute, out Uri? uri) || !uri.IsFile)
        {
            throw new TaskFailedException(
                ExitCodes.BadSpec, $"artifactsUri '{task.ArtifactsUri}' is no 'file:///…' URI, the only kind this worker can write to.");
        }

        string root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(uri.LocalPath));
        if (task.PretrainStage is not { } stage)
        {
            return (root, root);
        }

        if (stage.Name.Length == 0 || stage.Name.AsSpan().IndexOfAny('/', '\\') >= 0 || stage.Name.StartsWith('.'))
        {
            throw new TaskFailedException(ExitCodes.BadSpec, $"pretrainStage.name '{stage.Name}' cannot name a folder. Use letters, digits and '-'.");
        }

        return (root, Path.Combine(root, stage.Name));
    }
}
