using Ppma.Api.Tasks;
using Ppma.Learning.Checkpoints;
using Ppma.Learning.Models;
using Ppma.Worker.Execution;

namespace Ppma.Worker.Tasks;

/// <summary>Puts a task's initial weights into its model.</summary>
internal static class InitialWeights
{
    /// <exception cref="TaskFailedException">64 when there are none at the URI, 65 when they have another digest, 68 when they cannot be used.</exception>
    public static void Load(WeightsInput input, VideoModel model, TaskContext context)
    {
        if (input.Source == WeightsSource.Random)
        {
            return;
        }

        string path = input.Source == WeightsSource.Stage
            ? context.Artifacts.CheckpointsOfStage(input.Stage!)
            : LocalPath(input.Uri!);
        try
        {
            using WeightsFile weights = WeightsFile.Read(path);
            RequireDigest(input, weights, path);
            if (weights.Models.Count != 1)
            {
                throw new TaskFailedException(
                    ExitCodes.BadSpec, $"'{path}' is an ensemble of {weights.Models.Count} models; a task starts from one. Average them first.");
            }

            ModelWeights.Load(
                model, weights.Models[0], input.IncludeNorm ? WeightSelection.TrunkWithNorm : WeightSelection.TrunkWithoutNorm);
        }
        catch (FileNotFoundException e)
        {
            throw new TaskFailedException(ExitCodes.BadSpec, e.Message, e);
        }
    }

    private static void RequireDigest(WeightsInput input, WeightsFile weights, string path)
    {
        if (input.Digest is null)
        {
            return;
        }

        string digest = weights.Digest();
        if (!string.Equals(digest, input.Digest, StringComparison.OrdinalIgnoreCase))
        {
            throw new TaskFailedException(
                ExitCodes.DataDigestMismatch,
                $"The weights '{path}' have the SHA-256 {digest}, but the task was resolved with {input.Digest}. Restore the file, or resolve the run again.");
        }
    }

    private static string LocalPath(string uri) => Uri.TryCreate(uri, UriKind.Absolute, out Uri? parsed) && parsed.IsFile
        ? parsed.LocalPath
        : throw new TaskFailedException(ExitCodes.BadSpec, $"weights.uri '{uri}' is no 'file:///…' URI, the only kind this worker reads weights from.");
}
