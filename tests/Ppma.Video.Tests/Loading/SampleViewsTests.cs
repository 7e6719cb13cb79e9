using Ppma.Datasets;
using Ppma.Datasets.Reading;
using Ppma.Video.Loading;
using TorchSharp;

namespace Ppma.Video.Tests.Loading;

[Collection(nameof(LiveTensors))]
public sealed class SampleViewsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Evaluation_AnyBatchSizeAndThreads_GivesEveryClipOnceInOrder()
    {
        Dataset dataset = TinyDataset.Open(_folder.Path);
        float[][] expected = [.. Clips(Views(dataset, threads: 1).Evaluation(2, 3, samplesPerBatch: 1, Token))];

        float[][] other = [.. Clips(Views(dataset, threads: 3).Evaluation(2, 3, samplesPerBatch: 5, Token))];

        Assert.Equal(TinyDataset.Clips, expected.Length);
        Assert.Equal(2 * 3 * 3 * 4 * 16 * 16, expected[0].Length);
        Assert.Equal(expected, other);
    }

    [Fact]
    public void Evaluation_OneCrop_IsTheMiddleOfThree()
    {
        Dataset dataset = TinyDataset.Open(_folder.Path);
        var views = Views(dataset, threads: 1);

        using SampleViewBatch three = views.Evaluation(1, 3, samplesPerBatch: 4, Token).First();
        using SampleViewBatch one = views.Evaluation(1, 1, samplesPerBatch: 4, Token).First();

        using torch.Tensor all = three.ToDevice(torch.CPU), middle = all.narrow(1, 1, 1).contiguous(), alone = one.ToDevice(torch.CPU);
        Assert.Equal(middle.data<float>().ToArray(), alone.data<float>().ToArray());
    }

    [Fact]
    public void Evaluation_TwoCrops_AreRefused()
    {
        Dataset dataset = TinyDataset.Open(_folder.Path);
        Assert.Throws<ArgumentOutOfRangeException>(() => Views(dataset, threads: 1).Evaluation(1, 2, 4, Token));
    }

    [Fact]
    public void Evaluation_DamagedClip_IsMarkedAndKeepsItsPlace()
    {
        Dataset dataset = TinyDataset.Open(_folder.Path, damaged: 5);

        SampleViewBatch[] batches = [.. Views(dataset, threads: 2).Evaluation(1, 1, samplesPerBatch: 4, Token)];

        Assert.Equal(Enumerable.Range(0, 12).Select(clip => clip == 5), batches.SelectMany(batch => batch.Damaged));
        Assert.Equal(Enumerable.Range(0, 12).Select(clip => clip % 3), batches.SelectMany(batch => batch.Labels));
        using torch.Tensor video = batches[1].ToDevice(torch.CPU), place = video[1, 0, 0].contiguous();
        Assert.Single(place.data<float>().ToArray().Distinct());
        Array.ForEach(batches, batch => batch.Dispose());
    }

    [Fact]
    public void Evaluation_ShardThatChanged_ThrowsThatItself()
    {
        Dataset dataset = TinyDataset.Open(_folder.Path);
        TinyDataset.Spoil(_folder.Path, dataset, clip: 2);

        var failure = Assert.Throws<DatasetFormatException>(
            () => Views(dataset, threads: 2).Evaluation(1, 1, samplesPerBatch: 12, Token).First());

        Assert.Equal(DatasetFault.HashMismatch, failure.Fault);
    }

    [Fact]
    public void Training_FirstPass_DrawsWhatTrainingDraws()
    {
        Dataset dataset = TinyDataset.Open(_folder.Path);
        var plan = new TrainingPlan { Seed = 3, ClipsPerBatch = TinyDataset.Clips, ViewsPerClip = 2, ShuffleBlockBytes = 1 << 20 };
        using ViewBatch training = new TrainingViews([dataset], plan, TinyDataset.Cut).ReadFrom(0, Token).First();

        using SampleViewBatch kept = Views(dataset, threads: 1).Training(3, views: 2, TinyDataset.Clips, Token).Single();

        using torch.Tensor drawn = training.ToDevice(torch.CPU), fixedOnes = kept.ToDevice(torch.CPU);
        for (int row = 0; row < training.Views.Count; row++)
        {
            ViewOrigin origin = training.Views[row];
            using torch.Tensor expected = drawn[row].contiguous(), actual = fixedOnes[origin.Visit.Ordinal, origin.View].contiguous();
            Assert.Equal(expected.data<float>().ToArray(), actual.data<float>().ToArray());
        }
    }

    [Fact]
    public void Evaluation_Cancelled_Stops()
    {
        Dataset dataset = TinyDataset.Open(_folder.Path);
        Assert.ThrowsAny<OperationCanceledException>(
            () => Views(dataset, threads: 1).Evaluation(1, 1, 4, new CancellationToken(canceled: true)).First());
    }

    [Fact]
    public void Evaluation_EveryBatchDisposed_KeepsNoTensor()
    {
        Dataset dataset = TinyDataset.Open(_folder.Path, damaged: 5);
        var views = Views(dataset, threads: 2);
        long before = LiveTensors.Settled();

        int batches = Clips(views.Evaluation(2, 3, samplesPerBatch: 5, Token)).Count();

        Assert.Equal(TinyDataset.Clips, batches);
        Assert.Equal(before, torch.Tensor.TotalCount);
    }

    private static SampleViews Views(Dataset dataset, int threads) => new(dataset, TinyDataset.Cut, new LoadingOptions { Threads = threads });

    private static IEnumerable<float[]> Clips(IEnumerable<SampleViewBatch> batches)
    {
        foreach (SampleViewBatch batch in batches)
        {
            using (batch)
            {
                using torch.Tensor video = batch.ToDevice(torch.CPU);
                float[] pixels = video.data<float>().ToArray();
                foreach (float[] clip in pixels.Chunk(pixels.Length / batch.Labels.Count))
                {
                    yield return clip;
                }
            }
        }
    }
}
