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

    /// <summary>A training clip.</summary>
    /// <param name="ordinal">Which sample.</param>
    /// <param name="place">Where in the video, uniform in [0, 1).</param>
    /// <exception cref="VideoFormatException">The video cannot be decoded.</exception>
    public Tensor ReadTraining(int ordinal, double place)
    {
        using VideoDecoder video = Open(ordinal);
        return Decode(video, TemporalSampling.TrainingStart(video.DurationSeconds, cut.ClipSeconds, place));
    }

    /// <summary>Evaluation clips, spread evenly over the video; the caller disposes them.</summary>
    /// <exception cref="VideoFormatException">The video cannot be decoded.</exception>
    public Tensor[] ReadEvaluation(int ordinal, int clips)
    {
        using VideoDecoder video = Open(ordinal);
        return [.. TemporalSampling.EvaluationStarts(video.DurationSeconds, cut.ClipSeconds, clips).Select(start => Decode(video, start))];
    }

    private VideoDecoder Open(int ordinal)
    {
        // Loading threads have nothing else to do, so they may wait for the store.
        using IMemoryOwner<byte> file = dataset.ReadVideoAsync(ordinal).AsTask().GetAwaiter().GetResult();
        return VideoDecoder.Open(file.Memory.Span);
    }

    private Tensor Decode(VideoDecoder video, double startSeconds)
    {
        using DecodedWindow window = video.ReadWindow(startSeconds, cut.ClipSeconds, cut.Frames, cut.DecodeShortSide);
        return _views.Prepare(window.Pixels);
    }
}
