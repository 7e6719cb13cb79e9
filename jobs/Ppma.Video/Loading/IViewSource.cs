using Ppma.Datasets.Reading;
using Ppma.Video.Decoding;

namespace Ppma.Video.Loading;

/// <summary>What a pipeline makes of the clips of its batches. Thread-safe.</summary>
internal interface IViewSource
{
    /// <summary>Rows that a clip takes in a batch.</summary>
    int RowsPerClip { get; }

    /// <summary>Writes the views of a clip.</summary>
    /// <exception cref="VideoFormatException">The clip cannot be decoded.</exception>
    void Cut(ClipReader clip, Place place, BatchBuffer buffer, int firstRow);

    /// <summary>Which clip takes the place of a damaged one; null for none.</summary>
    /// <param name="planned">The place as it was planned.</param>
    /// <param name="attempt">How many clips were damaged there before this one.</param>
    /// <param name="damaged">The clip that is damaged.</param>
    /// <param name="reason">Why.</param>
    /// <exception cref="DamagedDatasetException">There were too many.</exception>
    Place? Replace(Place planned, int attempt, SampleRef damaged, VideoFormatException reason);
}
