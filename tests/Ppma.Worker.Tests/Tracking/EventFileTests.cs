using Ppma.Worker.Tasks;
using Ppma.Worker.Tracking;

namespace Ppma.Worker.Tests.Tracking;

public sealed class EventFileTests : IDisposable
{
    private static readonly DateTimeOffset _now = DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_250);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // RFC 3720, appendix B.4, and the check value of the Rocksoft model.
    [Theory]
    [InlineData(0x8A9136AAu, 0, 0)]
    [InlineData(0x62A8AB43u, 255, 0)]
    [InlineData(0x46DD794Eu, 0, 1)]
    [InlineData(0x113FDB5Cu, 31, -1)]
    public void Crc32C_VectorOfTheRfc_IsThePublishedSum(uint sum, int first, int stride)
    {
        byte[] bytes = [.. Enumerable.Range(0, 32).Select(i => (byte)(first + (i * stride)))];
        Assert.Equal(sum, RecordStream.Crc32C(bytes));
    }

    [Fact]
    public void Crc32C_OddNumberOfBytes_IsTheCheckValue() => Assert.Equal(0xE3069283u, RecordStream.Crc32C("123456789"u8));

    [Fact]
    public void Scalars_Report_AreReadBackWithStepAndTime()
    {
        using (EventFile file = Create(attempt: 1, stepsDone: 0))
        {
            file.Scalars(300, _now, [("train/loss", 0.5), ("train/none", null), ("speed/mfu", 0.25)]);
        }

        string path = Directory.EnumerateFiles(_folder.Path).Single();
        Assert.Contains("tfevents", Path.GetFileName(path), StringComparison.Ordinal);
        Assert.Equal(
            [
                new RecordReader.Item(0, 1_700_000_000.25, "version brain.Event:2"),
                new RecordReader.Item(1, 1_700_000_000.25, "start"),
                new RecordReader.Item(300, 1_700_000_000.25, "train/loss", 0.5f),
                new RecordReader.Item(300, 1_700_000_000.25, "speed/mfu", 0.25f),
            ],
            RecordReader.Read(path));
    }

    [Fact]
    public void Image_Png_IsReadBackWithItsSize()
    {
        byte[] png = PngWriter.Encode(new byte[3 * 200 * 3], width: 200, height: 3);
        using (EventFile file = Create(attempt: 1, stepsDone: 0))
        {
            file.Image(7, _now, "reconstruction/clip-0", png);
        }

        RecordReader.Item item = RecordReader.ReadFolder(_folder.Path).Single();
        Assert.Equal(("reconstruction/clip-0", 7L, 200L, 3L), (item.Tag, item.Step, item.Width, item.Height));
        Assert.Equal(png, item.Picture);
    }

    [Fact]
    public void Create_ForAnAttemptThatGoesOn_DropsTheStepsThatNeverHappened()
    {
        using (EventFile first = Create(attempt: 1, stepsDone: 0))
        {
            first.Scalars(10, _now, [("train/loss", 3)]);
            first.Scalars(20, _now, [("train/loss", 2)]);
        }

        using (EventFile second = Create(attempt: 2, stepsDone: 10))
        {
            second.Scalars(15, _now, [("train/loss", 1)]);
        }

        Assert.Equal([(10L, 3f), (15L, 1f)], RecordReader.ReadFolder(_folder.Path).Select(item => (item.Step, item.Value!.Value)));
    }

    private EventFile Create(int attempt, long stepsDone) => new(_folder.Path, attempt, stepsDone, _now);
}
