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
                ExitCodes.BadSpec, $"artifactsUri '{task.ArtifactsUri}' is no 'file:///…' URI, and no container ('https://ACCOUNT.blob.core.windows.net/CONTAINER/FOLDER').");
        }

        string root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(uri.LocalPath));
        return (root, Path.TrimEndingDirectorySeparator(Path.Combine(root, StageFolder(task))));
    }

    /// <summary>The name of the task's folder in the run's: empty for the run's own.</summary>
    /// <exception cref="TaskFailedException">64 when the stage's name is no folder name.</exception>
    public static string StageFolder(TaskSpec task)
    {
        if (task.PretrainStage is not { } stage)
        {
            return "";
        }

        if (stage.Name.Length == 0 || stage.Name.AsSpan().IndexOfAny('/', '\\') >= 0 || stage.Name.StartsWith('.'))
        {
            throw new TaskFailedException(ExitCodes.BadSpec, $"pretrainStage.name '{stage.Name}' cannot name a folder. Use letters, digits and '-'.");
        }

        return stage.Name;
    }
}
