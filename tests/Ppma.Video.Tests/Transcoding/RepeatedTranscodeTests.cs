using Ppma.Video.Transcoding;

namespace Ppma.Video.Tests.Transcoding;

public sealed class RepeatedTranscodeTests
{
    /// <summary>
    /// Packing again, or on after a kill, has to give the same digest. Pictures of a few macroblocks show what depends on memory that
    /// was used before: without the encoder's guard one file in fifty differs.
    /// </summary>
    [Theory]
    [InlineData(32)]
    [InlineData(40)]
    [InlineData(64)]
    public void Transcode_OneVideoManyTimes_GivesOneFile(int shortSide)
    {
        byte[] source = MovingBars.Mp4();
        TranscodeSettings settings = new() { ShortSide = shortSide };

        IEnumerable<string> files = Enumerable.Range(0, 150).Select(_ => Convert.ToHexString(Transcodes.Transcode(source, settings).Mp4));

        Assert.Single(files.Distinct());
    }
}
