using Ppma.Api.Tasks;
using Ppma.Datasets.Reading;
using Ppma.Learning.Precision;
using Ppma.Video.Loading;
using Ppma.Worker.Execution;
using Ppma.Worker.Tasks;
using static TorchSharp.torch;

namespace Ppma.Worker.Validation;

/// <summary>The clips of a validation set in the order of their ordinals, always in the same views.</summary>
internal sealed class ValidationClips(TaskContext context, PretrainStageTask stage, Dataset dataset)
{
    private const int ClipsPerBatch = 4;

    private bool _isFirst = true;

    /// <summary>Names of the set's classes.</summary>
    public IReadOnlyList<string> Classes => dataset.Index.Classes;

    public string Name => stage.Validation!.Dataset.Name;

    /// <summary>
    /// Gives every batch to <paramref name="measure"/>, with the rows that are not damaged and their views (rows, views, 3, frames, size, size).
    /// </summary>
    /// <param name="clips">Places in time.</param>
    /// <param name="crops">1 for the centre, or 3.</param>
    /// <param name="measure">Called within a scope of its own, in the task's precision.</param>
    /// <param name="stopping">Ends the reading.</param>
    /// <exception cref="TaskFailedException">65 when no clip at all can be decoded.</exception>
    public void ForEach(int clips, int crops, Action<SampleViewBatch, Tensor, int[]> measure, CancellationToken stopping)
    {
        var views = new SampleViews(dataset, stage.Clip.ToTestCut(stage.Model), TaskTraining.Loading(context, StageMemory.Validation));
        int done = 0;
        foreach (SampleViewBatch batch in views.Evaluation(clips, crops, ClipsPerBatch, stopping))
        {
            using (batch)
            {
                using var scope = NewDisposeScope();
                int[] good = [.. Enumerable.Range(0, batch.Labels.Count).Where(row => !batch.Damaged[row])];
                using (Autocast.Begin(TaskDevice.Current, context.Task.Precision.ToCompute()))
                {
                    measure(batch, Rows(batch.ToDevice(TaskDevice.Current), good), good);
                }

                done += batch.Labels.Count;
                context.Progress.Report("validating", done, dataset.Count, batch.Labels.Count);
            }

            stopping.ThrowIfCancellationRequested();
        }

        RequireSome(views.Damaged.Count);
        if (_isFirst)
        {
            // The same clips every time: named once.
            context.Damaged.Add(views.Damaged);
            context.Progress.ReportDamaged(views.Damaged.Count);
            _isFirst = false;
        }
    }

    private static Tensor Rows(Tensor views, int[] good) =>
        good.Length == views.shape[0] ? views : views.index_select(0, tensor(good.Select(row => (long)row).ToArray(), device: views.device));

    private void RequireSome(long damaged)
    {
        if (damaged == dataset.Count)
        {
            throw new TaskFailedException(
                ExitCodes.DataDigestMismatch,
                $"None of the {dataset.Count} clips of the validation set '{Name}' could be decoded. " +
                "Find out why with 'ppma dataset verify --read-shards', and pack the data set again.");
        }
    }
}
