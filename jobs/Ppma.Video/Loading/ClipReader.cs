using System.Buffers;
using Ppma.Datasets.Reading;
using Ppma.Video.Augmentation;
using Ppma.Video.Decoding;
using Ppma.Video.Sampling;
using static TorchSharp.torch;

namespace Ppma.Video.Loading;

/// <summary>Reads one sample of a data set and decodes clips of it, prepared for <see cref="ClipViews"/>. Thread-safe.</summary>
internal sealed class ClipReader(Dataset dataset, ClipCut cut)
{
    private readonly ClipViews _views = new(cut.Views);

    public Dataset Dataset => dataset;

    /// <summary>The sample at an ordinal; may read its shard's offsets.</summary>
    public SampleRef Find(int ordinal) => Wait(dataset.GetAsync(ordinal));

    /// <summary>A training clip.</summary>
    /// <param name="sample">Which sample.</param>
    /// <param name="place">Where in the video, uniform in [0, 1).</param>
    /// <exception cref="VideoFormatException">The video cannot be decoded.</exception>
    public Tensor ReadTraining(SampleRef sample, double place)
    {
        using VideoDecoder video = Open(sample);
        return Decode(video, TemporalSampling.TrainingStart(video.DurationSeconds, cut.ClipSeconds, place));
    }

    /// <summary>Evaluation clips, spread evenly over the video; the caller disposes them.</summary>
    /// <exception cref="VideoFormatException">The video cannot be decoded.</exception>
    public Tensor[] ReadEvaluation(SampleRef sample, int clips)
    {
        using VideoDecoder video = Open(sample);
        return [.. TemporalSampling.EvaluationStarts(video.DurationSeconds, cut.ClipSeconds, clips).Select(start => Decode(video, start))];
    }

    // Loading threads have nothing else to do, so they may wait for the store.
    private static T Wait<T>(ValueTask<T> reading) => reading.AsTask().GetAwaiter().GetResult();

    private VideoDecoder Open(SampleRef sample)
    {
        using IMemoryOwner<byte> file = Wait(dataset.ReadVideoAsync(sample));
        return VideoDecoder.Open(file.Memory.Span);
    }

    private Tensor Decode(VideoDecoder video, double startSeconds)
    {
        using DecodedWindow window = video.ReadWindow(startSeconds, cut.ClipSeconds, cut.Frames, cut.DecodeShortSide);
        return _views.Prepare(window.Pixels);
    }
}
