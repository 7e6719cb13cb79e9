using Ppma.Learning.Interop;
using static TorchSharp.torch;

namespace Ppma.Learning.Tests.Interop;

public sealed class FusedAttentionTests
{
    [Theory]
    [InlineData(24, ScalarType.Float32)]
    [InlineData(24, ScalarType.BFloat16)]
    [InlineData(64, ScalarType.Float32)]
    [InlineData(64, ScalarType.BFloat16)]
    public void KernelOf_HeadWidthsOfViTB_IsFlash(int width, ScalarType type)
    {
        using var scope = NewDisposeScope();
        var heads = ones([1, 2, 8, width], dtype: type).requires_grad_();

        Assert.Equal("flash", FusedAttention.KernelOf(heads, heads, heads));
    }

    [Fact]
    public void Apply_WhatNoFusedKernelTakes_FailsAndNamesShapeTypeAndDevice()
    {
        using var scope = NewDisposeScope();
        var queries = ones(1, 2, 8, 24);
        var values = ones(1, 2, 8, 16);

        var failure = Assert.Throws<InvalidOperationException>(() => FusedAttention.Apply(queries, queries, values));

        Assert.Contains("(1, 2, 8, 24)", failure.Message, StringComparison.Ordinal);
        Assert.Contains("Float32 on cpu", failure.Message, StringComparison.Ordinal);
    }
}
