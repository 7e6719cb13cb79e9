using System.Globalization;
using System.Text.Json;
using Ppma.Learning.Checkpoints;
using Ppma.Learning.Objectives;
using Ppma.Parity.Tests.Learning;
using Ppma.Video.Augmentation;
using Ppma.Video.Sampling;
using static TorchSharp.torch;

namespace Ppma.Parity.Tests.Video;

/// <summary>Every tensor of the transform files, recomputed from the inputs and arguments that the file itself holds.</summary>
public sealed class TransformTests(ITestOutputHelper output)
{
    private const double LabelSmoothing = 0.1;

    public static TheoryData<string> Files => GoldenFolder.Files("transforms*.safetensors");

    [Theory]
    [MemberData(nameof(Files))]
    public void Transform_EveryTensorOfTheFile_GivesTheGoldenNumbers(string name)
    {
        using var golden = SafetensorsFile.Read(GoldenFolder.PathOf(name));
        using JsonDocument arguments = JsonDocument.Parse(golden.Metadata["args"]);
        var deviation = new Deviation(output);
        foreach (var (key, expected) in golden.Tensors.Where(tensor => !tensor.Key.StartsWith("input.", StringComparison.Ordinal)))
        {
            using var scope = NewDisposeScope();
            deviation.Add(key, expected, Compute(key, golden, arguments.RootElement, expected));
        }

        deviation.Check(name);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void File_PinsEveryOperationAndTransform(string name)
    {
        using var golden = SafetensorsFile.Read(GoldenFolder.PathOf(name));
        string[] pinned = [.. golden.Tensors.Keys];

        Assert.All(Enum.GetNames<AugmentationOperation>(), operation => Assert.Contains(pinned, key => key.StartsWith($"randaug.{operation}.", StringComparison.Ordinal)
            || key == $"randaug.{operation}"));
        Assert.All(
            ["short_side_scale.", "resized_crop", "uniform_temporal_subsample.", "mixup.", "cutmix."],
            transform => Assert.Contains(pinned, key => key.StartsWith(transform, StringComparison.Ordinal)));
    }

    private static Tensor Compute(string key, SafetensorsFile golden, JsonElement arguments, Tensor expected)
    {
        Tensor video = golden.Tensors["input.video_tchw"];
        string[] parts = key.Split('.', 2);
        return parts[0] switch
        {
            "randaug" => Augmented(key, video, arguments.GetProperty(key)),
            "short_side_scale" => FrameTransforms.ScaleShortSide(video, Number(parts[1])).transpose(0, 1),
            "resized_crop" => ResizedCrop(video, arguments.GetProperty(key), expected),
            "uniform_temporal_subsample" => tensor(
                TemporalSampling.EvenlySpaced(Number(parts[1]), (int)expected.shape[0]).Select(i => (long)i).ToArray()),
            "mixup" => Mixed(parts[1], golden, new MixDraw(double.Parse(parts[1][..parts[1].LastIndexOf('.')], CultureInfo.InvariantCulture), null)),
            "cutmix" => Mixed(parts[1], golden, CutMix(arguments.GetProperty("cutmix"), golden)),
            _ => throw new InvalidDataException($"No transform is known for the golden tensor '{key}'."),
        };
    }

    private static Tensor Augmented(string key, Tensor video, JsonElement argument)
    {
        var operation = Enum.Parse<AugmentationOperation>(key.Split('.')[1]);
        return new Augment(operation, argument.ValueKind == JsonValueKind.Null ? 0 : argument.GetDouble()).Apply(video);
    }

    private static Tensor ResizedCrop(Tensor video, JsonElement argument, Tensor expected)
    {
        int[] box = [.. argument.EnumerateArray().Select(number => number.GetInt32())];
        return FrameTransforms.ResizedCrop(
            video, new CropBox(box[0], box[1], box[2], box[3]), (int)expected.shape[^2], (int)expected.shape[^1]).transpose(0, 1);
    }

    // The box is given by its edges: first and last row, first and last column, both ends exclusive; then the corrected λ.
    private static MixDraw CutMix(JsonElement argument, SafetensorsFile golden)
    {
        double[] numbers = [.. argument.EnumerateArray().Select(number => number.GetDouble())];
        long[] shape = golden.Tensors["input.batch"].shape;
        var box = new CropBox((int)numbers[0], (int)numbers[2], (int)(numbers[1] - numbers[0]), (int)(numbers[3] - numbers[2]));
        MixDraw mix = BatchMixing.CutMix(box, (int)shape[^2], (int)shape[^1]);
        Assert.Equal(numbers[4], mix.Share, 1e-12);
        return mix;
    }

    private static Tensor Mixed(string what, SafetensorsFile golden, MixDraw mix)
    {
        if (what.EndsWith("video", StringComparison.Ordinal))
        {
            Tensor clips = golden.Tensors["input.batch"].clone();
            BatchMixing.MixClipsInPlace(clips, mix);
            return clips;
        }

        string group = golden.Tensors.Keys.First(key => key.EndsWith(".target", StringComparison.Ordinal));
        int classes = (int)golden.Tensors[group].shape[1];
        return BatchMixing.MixTargets(SoftCrossEntropy.Targets(golden.Tensors["input.batch_label"], classes, LabelSmoothing), mix);
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
