using System.Globalization;
using Ppma.Datasets.Reading;
using Ppma.Datasets.Stores;
using Ppma.Learning.Checkpoints;
using Ppma.Learning.Evaluation;
using Ppma.Learning.Models;
using Ppma.Learning.Objectives;
using Ppma.Learning.Optimization;
using Ppma.Learning.Training;
using Ppma.Video.Augmentation;
using Ppma.Video.Loading;
using static TorchSharp.torch;

namespace Ppma.Benchmarks;

/// <summary>
/// Shows that the actions of the synthesised downstream set need motion: the model that learns them from clips learns nothing from one
/// frame repeated, and what it learned falls when the frames of a clip are shuffled.
/// </summary>
internal static class MotionCheck
{
    private const int Frames = 8;
    private const int BatchSize = 64;
    private const long Seed = 1;
    private static readonly int[] Ordered = [.. Enumerable.Range(0, Frames)];

    // Fixed, and with no two neighbours left in order.
    private static readonly int[] Shuffled = [3, 6, 1, 4, 7, 2, 5, 0];

    public static int Run(string[] arguments)
    {
        string folder = arguments.ElementAtOrDefault(0) ?? "data/actions";
        int steps = int.Parse(arguments.ElementAtOrDefault(1) ?? "350", CultureInfo.InvariantCulture);
        Dataset train = Dataset.OpenAsync(BlobStore.Open(folder), "train").GetAwaiter().GetResult();
        Dataset test = Dataset.OpenAsync(BlobStore.Open(folder), "test").GetAwaiter().GetResult();
        Console.WriteLine($"{folder}: {train.Count} + {test.Count} clips, {train.Index.Classes.Count} classes, chance {100.0 / train.Index.Classes.Count:0.0} %; {steps} steps of {BatchSize}");
        Console.WriteLine("trained on        | tested on         | top-1 %");
        using (VideoClassifier model = Train(train, steps, Ordered))
        {
            Print("clips", "clips", Test(test, model, Ordered));
            Print("clips", "shuffled frames", Test(test, model, Shuffled));
            foreach ((string name, int[] frames) in Repeated())
            {
                Print("clips", name, Test(test, model, frames));
            }
        }

        foreach ((string name, int[] frames) in Repeated().Append(("shuffled frames", Shuffled)))
        {
            using VideoClassifier model = Train(train, steps, frames);
            Print(name, name, Test(test, model, frames));
        }

        return 0;
    }

    private static IEnumerable<(string Name, int[] Frames)> Repeated() =>
        [("first frame", Repeat(0)), ("middle frame", Repeat(Frames / 2)), ("last frame", Repeat(Frames - 1))];

    private static int[] Repeat(int frame) => [.. Enumerable.Repeat(frame, Frames)];

    private static void Print(string trained, string tested, double top1) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{trained,-17} | {tested,-17} | {100 * top1,5:0.0}"));

    private static ClipCut Cut() => new()
    {
        Frames = Frames,
        ClipSeconds = 0.8,
        Views = new ViewSettings { Size = 32, ShortSide = 0, CropScale = (0.5, 1) },
    };

    private static VideoClassifier Train(Dataset train, int steps, int[] frames)
    {
        var shape = new VisionTransformerOptions { Frames = Frames, Size = 32, Patch = new PatchSize(2, 8, 8), Dim = 128, Depth = 4, Heads = 4, DecoderDim = 64, DecoderDepth = 2, DecoderHeads = 4 };
        var model = new VideoClassifier(shape, train.Index.Classes.Count, Seed);
        using var optimizer = new FusedAdamW(ParameterGroups.Of(model, weightDecay: 0.05), new AdamWOptions());
        var views = new TrainingViews(
            [train],
            new TrainingPlan { Seed = Seed, ClipsPerBatch = BatchSize, ShuffleBlockBytes = 4 << 20 },
            Cut());
        new Trainer(
            new TrainerOptions { Steps = steps, Seed = Seed, ClipsPerStep = BatchSize },
            new ActionClassification(model),
            optimizer,
            RateSchedule.Align(1e-3, scale: 1, warmupShare: 0.1),
            new ReorderedFrames(views, frames, model.Classes),
            new Unrecorded(),
            TimeProvider.System).Run(CancellationToken.None);
        return model;
    }

    private static double Test(Dataset test, VideoClassifier model, int[] frames)
    {
        model.Training = false;
        var counter = new AccuracyCounter(model.Classes);
        var views = new SampleViews(test, Cut());
        foreach (SampleViewBatch batch in views.Evaluation(clips: 1, crops: 1, BatchSize, CancellationToken.None))
        {
            using var scope = NewDisposeScope();
            using var noGradient = no_grad();
            float[] logits = model.Forward(Reorder(batch.ToDevice(CPU).squeeze(1), frames)).contiguous().data<float>().ToArray();
            for (int sample = 0; sample < batch.Labels.Count; sample++)
            {
                counter.Add(logits.AsSpan(sample * model.Classes, model.Classes), batch.Labels[sample]);
            }

            batch.Dispose();
        }

        return counter.Top1;
    }

    private static Tensor Reorder(Tensor video, int[] frames)
    {
        using Tensor order = tensor(frames.Select(frame => (long)frame).ToArray());
        return video.index_select(2, order);
    }

    private sealed class ReorderedFrames(TrainingViews views, int[] frames, int classes) : IBatchSource
    {
        public IEnumerable<Batch> ReadFrom(long firstStep, CancellationToken cancellationToken)
        {
            foreach (ViewBatch batch in views.ReadFrom(firstStep, cancellationToken))
            {
                using (batch)
                {
                    yield return ToBatch(batch);
                }
            }
        }

        private Batch ToBatch(ViewBatch batch)
        {
            using Tensor video = batch.ToDevice(CPU);
            using Tensor labels = tensor(batch.Views.Select(view => (long)view.Label).ToArray());
            return new Batch
            {
                Video = Reorder(video, frames).DetachFromDisposeScope(),
                Targets = SoftCrossEntropy.Targets(labels, classes, smoothing: 0.1).DetachFromDisposeScope(),
            };
        }
    }

    private sealed class Unrecorded : ITrainingRun
    {
        public StoredCheckpoint? LoadCheckpoint() => null;

        public void LoadInitialWeights(VideoModel model)
        {
        }

        public void SaveCheckpoint(TrainingState state, IReadOnlyList<TensorGroup> tensors)
        {
        }

        public CheckpointManifest AwaitCheckpoint() => new("none", 0, []);

        public void OnContinue(TrainingState state, IReadOnlyList<string> environmentChanges)
        {
        }

        public void OnStep(long stepsDone, TimeSpan waited)
        {
        }

        public void OnLosses(IReadOnlyList<StepLoss> losses)
        {
        }
    }
}
