using Ppma.Learning.Objectives;
using Ppma.Learning.Models;
using Ppma.Learning.Precision;
using static TorchSharp.torch;

namespace Ppma.Learning.Tests.Precision;

public sealed class AutocastTests
{
    [Fact]
    public void Begin_Nested_RestoresWhatWasBefore()
    {
        using var scope = NewDisposeScope();
        var matrix = eye(2);
        using (Autocast.Begin(CPU, ComputePrecision.BFloat16))
        {
            using (Autocast.Begin(CPU, ComputePrecision.Float32))
            {
                Assert.Equal(ScalarType.Float32, mm(matrix, matrix).dtype);
            }

            Assert.Equal(ScalarType.BFloat16, mm(matrix, matrix).dtype);
        }

        Assert.Equal(ScalarType.Float32, mm(matrix, matrix).dtype);
    }

    [Fact]
    public void Begin_Float32_RoundsNoFactorToTensorFloat32()
    {
        using (Autocast.Begin(CPU, ComputePrecision.Float32))
        {
            Assert.False(backends.cuda.matmul.allow_tf32);
            Assert.False(backends.cudnn.allow_tf32);
        }
    }

    [Theory]
    [InlineData(ComputePrecision.Float32)]
    [InlineData(ComputePrecision.BFloat16)]
    [InlineData(ComputePrecision.Float16)]
    public void Current_WithinAScope_IsItsPrecision(ComputePrecision precision)
    {
        using (Autocast.Begin(CPU, precision))
        {
            Assert.Equal(precision, Autocast.Current(CPU));
        }
    }

    [Fact]
    public void Begin_BFloat16_TrainsTheAutoencoderInFloat32Weights()
    {
        using var scope = NewDisposeScope();
        using var model = new MaskedAutoencoder(TinyModels.Options, seed: 0);
        using var mask = TinyModels.Mask();
        var video = TinyModels.Video();
        Tensor Loss(ComputePrecision precision)
        {
            using var autocast = Autocast.Begin(CPU, precision);
            return MaskedReconstruction.Loss(model.Forward(video, mask), video, model.Options, mask);
        }

        var exact = Loss(ComputePrecision.Float32);
        var loss = Loss(ComputePrecision.BFloat16);
        loss.backward();
        Assert.Equal(exact.item<float>(), loss.item<float>(), 0.02);
        Assert.NotEqual(exact.item<float>(), loss.item<float>());
        Assert.All(model.Parameters, parameter => Assert.Equal(ScalarType.Float32, parameter.Value.grad!.dtype));
    }
}
