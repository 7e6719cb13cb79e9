using Ppma.Api.Tasks;
using Ppma.Learning.Checkpoints;
using Ppma.Worker.Artifacts;
using Ppma.Worker.Execution;
using static TorchSharp.torch;

namespace Ppma.Worker.Tasks;

/// <summary>
/// The models that a task's weights name, read and checked: one, the members of an ensemble in their order, or the models that a
/// published ensemble file holds. Owns their tensors.
/// </summary>
internal sealed class EnsembleMembers : IDisposable
{
    private readonly List<WeightsFile> _files = [];

    private EnsembleMembers()
    {
    }

    public int Count => _files.Sum(file => file.Models.Count);

    /// <summary>The files, for messages.</summary>
    public string Name => string.Join(" and ", _files.Select(file => $"'{file.Path}'"));

    /// <exception cref="TaskFailedException">64 when there is nothing at a URI; 65 when it has another digest; 40 when storage does not answer.</exception>
    /// <exception cref="CheckpointFormatException">A file is damaged or of another kind.</exception>
    public static EnsembleMembers Read(WeightsInput input, TaskContext context)
    {
        IReadOnlyList<WeightsInput> inputs = input.Source == WeightsSource.Ensemble ? input.Members! : [input];
        var members = new EnsembleMembers();
        try
        {
            foreach (WeightsInput member in inputs)
            {
                members.Add(member, isOnly: inputs.Count == 1, context);
            }

            return members;
        }
        catch
        {
            members.Dispose();
            throw;
        }
    }

    /// <summary>The one model.</summary>
    /// <exception cref="TaskFailedException">64 when a file holds several.</exception>
    public IReadOnlyDictionary<string, Tensor> Only() => Count == 1 ? _files[0].Models[0] : throw new TaskFailedException(
        ExitCodes.BadSpec,
        $"{Name} is an ensemble of {Count} models, and these weights name one. Name the file as the member of an ensemble (fromEnsemble) to average its models.");

    /// <summary>What a selection takes of each model; the tensors stay the file's.</summary>
    public IReadOnlyList<IReadOnlyDictionary<string, Tensor>> Selected(WeightSelection selection) =>
        [.. _files.SelectMany(file => file.Models).Select(model => model.Where(tensor => selection.Takes(tensor.Key)).ToDictionary())];

    public void Dispose() => _files.ForEach(file => file.Dispose());

    private void Add(WeightsInput member, bool isOnly, TaskContext context)
    {
        string path = member.Source == WeightsSource.Stage
            ? context.Artifacts.CheckpointsOfStage(member.Stage!)
            : RemoteFiles.Materialize(context.Data, member.Uri!, member.Credentials);
        try
        {
            WeightsFile file = WeightsFile.Read(path);
            _files.Add(file);
            RequireDigest(member, file);
            if (!isOnly && file.Models.Count > 1)
            {
                throw new TaskFailedException(
                    ExitCodes.BadSpec,
                    $"Member '{path}' of the ensemble is itself an ensemble of {file.Models.Count} models. Name it as the only member, or name single models.");
            }
        }
        catch (FileNotFoundException e)
        {
            throw new TaskFailedException(ExitCodes.BadSpec, e.Message, e);
        }
    }

    private static void RequireDigest(WeightsInput input, WeightsFile weights)
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
                $"The weights '{weights.Path}' have the SHA-256 {digest}, but the task was resolved with {input.Digest}. Restore the file, or resolve the run again.");
        }
    }
}
