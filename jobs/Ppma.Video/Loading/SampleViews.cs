using Ppma.Datasets.Ordering;
using Ppma.Datasets.Randomness;
using Ppma.Datasets.Reading;
using Ppma.Video.Augmentation;
using Ppma.Video.Decoding;
using static TorchSharp.torch;

namespace Ppma.Video.Loading;

/// <summary>Every clip of a split once, in the order of its ordinals, with the same number of views each: for tests and for features.</summary>
public sealed class SampleViews(Dataset dataset, ClipCut cut, int threads)
{
    private readonly ClipReader _reader = new(dataset, cut);
    private readonly ClipViews _views = new(cut.Views);

    /// <summary>
    /// The paper's test views: <paramref name="clips"/> places in time × <paramref name="crops"/> along the long side
    /// (1: the centre, 3: both ends and the centre).
    /// </summary>
    public IEnumerable<SampleViewBatch> Evaluation(int clips, int crops, int samplesPerBatch, CancellationToken cancellationToken)
    {
        if (crops is not (1 or 3))
        {
            throw new ArgumentOutOfRangeException(nameof(crops), crops, "There are 1 or 3 crops.");
        }

        return Read(clips * crops, samplesPerBatch, (sample, into) =>
        {
            Tensor[] places = _reader.ReadEvaluation(sample, clips);
            for (int place = 0; place < clips; place++)
            {
                Tensor all = _views.Evaluate(places[place]);
                into.narrow(0, place * crops, crops).copy_(crops == 1 ? all.narrow(0, 1, 1) : all);
            }
        }, cancellationToken);
    }

    /// <summary>
    /// <paramref name="views"/> random views of each clip, all of one place in time, as training would draw them in the first pass.
    /// </summary>
    public IEnumerable<SampleViewBatch> Training(long seed, int views, int samplesPerBatch, CancellationToken cancellationToken) =>
        Read(views, samplesPerBatch, (sample, into) =>
        {
            Visit visit = new(Dataset: 0, Pass: 0, sample.Ordinal);
            var random = new PhiloxStream(seed, RandomPurpose.ClipStart, visit.Pass, visit.RandomSample);
            Tensor clip = _reader.ReadTraining(sample, random.NextDouble());
            for (int view = 0; view < views; view++)
            {
                into[view].copy_(_views.Train(clip, new ViewName(seed, visit.Pass, visit.RandomSample, view)));
            }
        }, cancellationToken);

    private IEnumerable<SampleViewBatch> Read(
        int views, int samplesPerBatch, Action<SampleRef, Tensor> read, CancellationToken cancellationToken)
    {
        for (int first = 0; first < dataset.Count; first += samplesPerBatch)
        {
            int start = first;
            int samples = Math.Min(samplesPerBatch, dataset.Count - first);
            var damaged = new bool[samples];
            var labels = new int[samples];
            Tensor video = zeros([samples, views, 3, cut.Frames, cut.Views.Size, cut.Views.Size], float32).DetachFromDisposeScope();
            try
            {
                LoadingThreads.ForEachPlace(samples, threads, sample =>
                {
                    using var scope = NewDisposeScope();
                    SampleRef found = _reader.Find(start + sample);
                    labels[sample] = found.Record.Label;
                    try
                    {
                        read(found, video[sample]);
                    }
                    catch (VideoFormatException)
                    {
                        damaged[sample] = true;
                    }
                }, cancellationToken);
            }
            catch
            {
                video.Dispose();
                throw;
            }

            yield return new SampleViewBatch(video, first, labels, damaged);
        }
    }
}
