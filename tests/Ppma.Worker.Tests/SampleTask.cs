using Ppma.Api.Tasks;

namespace Ppma.Worker.Tests;

internal static class SampleTask
{
    public static TaskSpec Scripted(string folder, string script = "steps=3", string uid = "u1", int progressDeadlineSeconds = 600) => new()
    {
        Kind = TaskKind.VerifyDataset,
        Run = new RunIdentity("VideoDataset", "default", "figures", uid),
        InputDigest = new string('a', 64),
        ArtifactsUri = new Uri(Path.Combine(folder, "run")).AbsoluteUri,
        ProgressDeadlineSeconds = progressDeadlineSeconds,
        VerifyDataset = new VerifyDatasetTask { Name = "figures", Uri = $"script:/{script}" },
    };

    /// <returns>The task file's path.</returns>
    public static string Write(TemporaryFolder folder, TaskSpec task)
    {
        string path = folder.File($"task-{Guid.NewGuid():n}.json");
        File.WriteAllBytes(path, TaskJson.Serialize(task));
        return path;
    }
}
