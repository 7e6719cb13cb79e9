using Ppma.Video.Augmentation;
using Ppma.Video.Decoding;
using Ppma.Video.Sampling;
using static TorchSharp.torch;

namespace Ppma.Video.Loading;

/// <summary>One open video, and clips of it prepared for <see cref="ClipViews"/>.</summary>
internal sealed class ClipReader(VideoDecoder video, ClipCut cut, ClipViews views)
{
    /// <summary>A training clip.</summary>
    /// <param name="place">Where in the video, uniform in [0, 1).</param>
    /// <exception cref="VideoFormatException">The video cannot be decoded.</exception>
    public Tensor ReadTraining(double place) => Decode(TemporalSampling.TrainingStart(video.DurationSeconds, cut.ClipSeconds, place));

    /// <summary>Evaluation clips, spread evenly over the video, one after another; the caller disposes each.</summary>
    /// <exception cref="VideoFormatException">The video cannot be decoded.</exception>
    public IEnumerable<Tensor> ReadEvaluation(int clips) =>
        TemporalSampling.EvaluationStarts(video.DurationSeconds, cut.ClipSeconds, clips).Select(Decode);

    /// <summary>What decoding one clip of a video and cutting its views takes at most, beside the file.</summary>
    public static long BytesOf(VideoDecoder video, ClipCut cut)
    {
        ViewSettings view = cut.Views;
        (int height, int width) = cut.IsFast ? SpatialSampling.ScaledSize(video.Height, video.Width, cut.DecodeShortSide) : (video.Height, video.Width);
        long pixels = 3L * cut.Frames * height * width;
        long scaled = 0;
        if (view.ShortSide > 0)
        {
            (int scaledHeight, int scaledWidth) = SpatialSampling.ScaledSize(height, width, view.ShortSide);
            scaled = 3L * cut.Frames * scaledHeight * scaledWidth;
        }

        // Bytes and their colours, with what lies between the two; a view, what it is made of, and what an augmentation adds.
        return Math.Max(6 * pixels, (5 * pixels) + (sizeof(float) * scaled)) + (4 * sizeof(float) * 3L * cut.Frames * view.Size * view.Size);
    }

    private Tensor Decode(double startSeconds)
    {
        using DecodedWindow window = video.ReadWindow(startSeconds, cut.ClipSeconds, cut.Frames, cut.DecodeShortSide);
        return views.Prepare(window.Pixels);
    }
}
