using Ppma.Datasets.Reading;
using Ppma.Video.Decoding;

namespace Ppma.Video.Loading;

/// <summary>The same number of views of every clip; a damaged one stays blank.</summary>
internal sealed class SampleClips(int views, SampleClips.CutClip cut) : IViewSource
{
    public delegate void CutClip(ClipReader clip, Place place, BatchBuffer buffer, int firstRow);

    public int RowsPerClip => views;

    public void Cut(ClipReader clip, Place place, BatchBuffer buffer, int firstRow) => cut(clip, place, buffer, firstRow);

    public Place? Replace(Place planned, int attempt, SampleRef damaged, VideoFormatException reason) => null;
}
