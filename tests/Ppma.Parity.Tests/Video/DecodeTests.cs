using System.Text.Json;
using Ppma.Learning.Checkpoints;
using Ppma.Video.Decoding;
using TorchSharp;

namespace Ppma.Parity.Tests.Video;

/// <summary>Frames, their times and the windows' choices, against PyAV's.</summary>
public sealed class DecodeTests(ITestOutputHelper output)
{
    private const double WindowSeconds = 2.7;
    private const int WindowFrames = 16;

    public static TheoryData<string> Files => GoldenFolder.Files("decode.safetensors");

    [Theory]
    [MemberData(nameof(Files))]
    public void TryReadFrames_EveryFrameOfEveryVideo_GivesTheGoldenPixelsAndTimes(string name)
    {
        using var golden = SafetensorsFile.Read(GoldenFolder.PathOf(name));
        foreach (string video in Videos(golden).Select(video => video.Name))
        {
            using var decoder = Open(name, video);
            torch.Tensor expected = golden.Tensors[$"{video}.rgb_thwc"];
            int count = (int)expected.shape[0];

            Assert.Equal(expected.shape, new long[] { decoder.FrameSeconds.Length, decoder.Height, decoder.Width, 3 });
            double[] seconds = [.. golden.Tensors[$"{video}.seconds"].data<double>()];
            Assert.All(seconds, (expectedSeconds, i) => Assert.Equal(expectedSeconds, decoder.FrameSeconds[i], 1e-6));

            byte[] pixels = new byte[expected.numel()];
            Assert.True(decoder.TryReadFrames([.. Enumerable.Range(0, count)], decoder.Width, decoder.Height, pixels));
            Assert.True(expected.bytes.SequenceEqual(pixels), $"{video}: the decoded pixels differ from the golden ones");
            output.WriteLine($"{video}: {count} frames of {decoder.Width}x{decoder.Height} equal");
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void ReadWindow_EveryWindowOfEveryVideo_ChoosesTheGoldenFrames(string name)
    {
        using var golden = SafetensorsFile.Read(GoldenFolder.PathOf(name));
        foreach (var (video, facts) in Videos(golden))
        {
            using var decoder = Open(name, video);
            using torch.Tensor expected = golden.Tensors[$"{video}.rgb_thwc"].alias();
            foreach (JsonElement choice in facts.GetProperty("windows").EnumerateArray())
            {
                int[] selected = [.. choice.GetProperty("selected").EnumerateArray().Select(i => i.GetInt32())];
                using var window = decoder.ReadWindow(choice.GetProperty("start").GetDouble(), WindowSeconds, WindowFrames);

                Assert.Equal(choice.GetProperty("frames_in_window").GetInt32(), window.FramesInWindow);
                Assert.Equal(selected, window.Frames);
                using torch.Tensor wanted = expected[torch.TensorIndex.Tensor(torch.tensor(selected, dtype: torch.ScalarType.Int64))];
                Assert.True(wanted.bytes.SequenceEqual(window.Pixels.bytes), $"{video}: frames of the window differ from the golden ones");
            }
        }
    }

    private static IEnumerable<(string Name, JsonElement Facts)> Videos(SafetensorsFile golden)
    {
        var videos = JsonDocument.Parse(golden.Metadata["videos"]).RootElement.EnumerateObject().ToList();
        Assert.NotEmpty(videos);
        return videos.Select(video => (video.Name, video.Value));
    }

    private static VideoDecoder Open(string golden, string video) =>
        VideoDecoder.Open(File.ReadAllBytes(Path.Combine(Path.GetDirectoryName(GoldenFolder.PathOf(golden))!, video)));
}
