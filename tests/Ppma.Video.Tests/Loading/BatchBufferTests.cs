using Ppma.Datasets.Metrics;
using Ppma.Datasets.Randomness;
using Ppma.Video.Augmentation;
using Ppma.Video.Loading;
using Ppma.Video.Sampling;
using static TorchSharp.torch;

namespace Ppma.Video.Tests.Loading;

[Collection(nameof(LiveTensors))]
public sealed class BatchBufferTests
{
    private const int Frames = 2, Size = 12;

    // Half a step of 1/255, divided by the smallest deviation.
    private const double HalfAStep = 0.5 / 255 / 0.224;

    private static readonly CropBox Box = new(Top: 3, Left: 2, Height: 5, Width: 4);

    private readonly StreamMetrics _metrics = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ToDevice_FastPath_IsTheReferencePathToHalfAStep()
    {
        using var scope = NewDisposeScope();
        using BatchBuffers fast = Buffers(ScalarType.Byte), reference = Buffers(ScalarType.Float32);
        using BatchBuffer bytes = await fast.RentAsync(2, Token), floats = await reference.RentAsync(2, Token);
        for (int row = 0; row < 2; row++)
        {
            Tensor colours = linspace(0, 1 - (0.3 * row), 3 * Frames * Size * Size).view(3, Frames, Size, Size);
            bytes.Write(row, colours);
            floats.Write(row, colours);
        }

        Tensor difference = (bytes.ToDevice(CPU) - floats.ToDevice(CPU)).abs().max();

        Assert.Equal(ScalarType.Byte, bytes.Rows.dtype);
        Assert.InRange(difference.item<float>(), 1e-4, HalfAStep + 1e-5);
    }

    [Fact]
    public async Task Write_FastPath_RoundsHalfToEvenAndClamps()
    {
        using var scope = NewDisposeScope();
        using BatchBuffers buffers = Buffers(ScalarType.Byte);
        using BatchBuffer buffer = await buffers.RentAsync(1, Token);
        float[] values = [0.5f / 255, 1.5f / 255, 2.5f / 255, -0.2f, 1.3f, 200f / 255];
        Tensor colours = zeros([3, Frames, Size, Size]);
        colours[0, 0, 0].narrow(0, 0, values.Length).copy_(tensor(values));

        buffer.Write(0, colours);

        Assert.Equal([0, 2, 2, 0, 255, 200], buffer.Rows[0, 0, 0, 0].data<byte>().ToArray()[..values.Length]);
    }

    [Theory]
    [InlineData(ScalarType.Byte)]
    [InlineData(ScalarType.Float32)]
    public async Task Erase_ABox_HasTheStreamsNoiseInEveryFrameAndNothingElseChanges(ScalarType type)
    {
        using var scope = NewDisposeScope();
        using BatchBuffers buffers = Buffers(type);
        using BatchBuffer buffer = await buffers.RentAsync(2, Token);
        Tensor colours = full([3, Frames, Size, Size], 0.4f);
        buffer.Write(0, colours);
        buffer.Write(1, colours);
        float[] noise = new float[3 * Frames * Box.Height * Box.Width];
        RandomErasing.DrawNoise(noise, new PhiloxStream(seed: 1, RandomPurpose.Erasing));

        buffer.Erase(1, Box, new PhiloxStream(seed: 1, RandomPurpose.Erasing));

        Tensor views = buffer.ToDevice(CPU);
        Assert.Equal(noise, FrameTransforms.Crop(views[1], Box).contiguous().data<float>().ToArray());
        Assert.Equal(noise.Length, views[1].ne(views[0]).sum().item<long>());
    }

    [Fact]
    public async Task RentAsync_AfterDispose_GivesTheSameMemoryWithoutOldNoise()
    {
        using var scope = NewDisposeScope();
        using BatchBuffers buffers = Buffers(ScalarType.Byte);
        BatchBuffer first = await buffers.RentAsync(2, Token);
        first.Erase(0, Box, new PhiloxStream(seed: 1, RandomPurpose.Erasing));
        nint memory = Address(first);
        first.Dispose();

        using BatchBuffer second = await buffers.RentAsync(1, Token);
        second.Write(0, zeros([3, Frames, Size, Size]));

        Assert.Equal(memory, Address(second));
        Assert.Equal([1, 3, Frames, Size, Size], second.Rows.shape);
        Assert.Equal(3, second.ToDevice(CPU).unique().output.numel());
    }

    [Fact]
    public async Task RentAsync_AllInUse_WaitsForOneThatIsDisposedOrLetGo()
    {
        using BatchBuffers buffers = Buffers(ScalarType.Byte);
        BatchBuffer first = await buffers.RentAsync(2, Token), second = await buffers.RentAsync(2, Token);
        Task<BatchBuffer> third = buffers.RentAsync(2, Token).AsTask(), fourth = buffers.RentAsync(2, Token).AsTask();
        Assert.False(third.IsCompleted);
        Assert.Equal(200, _metrics.BytesInFlight.Value);

        first.Dispose();
        (await third).Dispose();
        second.LetGo();
        (await fourth).Dispose();
        second.Dispose();

        Assert.Equal(0, _metrics.BytesInFlight.Value);
    }

    private static unsafe nint Address(BatchBuffer buffer)
    {
        fixed (byte* start = buffer.Rows.bytes)
        {
            return (nint)start;
        }
    }

    private BatchBuffers Buffers(ScalarType type) => new(count: 2, [2, 3, Frames, Size, Size], type, batchBytes: 100, _metrics.BytesInFlight);
}
