using System.Globalization;

namespace Ppma.Learning.Costs;

/// <summary>Bytes of a checkpoint: model, optimiser and moving average as safetensors in float32, beside two small JSON files.</summary>
internal static class CheckpointSize
{
    // {"dtype":"F32","shape":[],"data_offsets":[,]}, with the name's quotes, colon and comma.
    private const int HeaderBytesBesideNumbers = 50;
    private const int JsonFilesBytes = 1024;

    public static long Of(StepWork work)
    {
        var layout = work.Layout;
        var trained = work.Trainable.ToList();
        return Bytes([.. layout.Parameters, .. layout.Tables])
            + Bytes([.. trained.Select(tensor => Moment("exp_avg.", tensor)), .. trained.Select(tensor => Moment("exp_avg_sq.", tensor))])
            + (work.MovingAverage ? Bytes(trained) : 0)
            + JsonFilesBytes;
    }

    private static ModelTensor Moment(string prefix, ModelTensor tensor) => tensor with { Name = prefix + tensor.Name };

    private static long Bytes(IReadOnlyList<ModelTensor> tensors)
    {
        long offset = 0;
        long header = 0;
        foreach (var tensor in tensors)
        {
            long end = offset + (sizeof(float) * tensor.Elements);
            header += HeaderBytesBesideNumbers + tensor.Name.Length + tensor.Shape.Sum(axis => Digits(axis) + 1) + Digits(offset) + Digits(end);
            offset = end;
        }

        return offset + header;
    }

    private static int Digits(long number) => number.ToString(CultureInfo.InvariantCulture).Length;
}
