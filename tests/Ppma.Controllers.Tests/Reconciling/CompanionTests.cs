using Ppma.Controllers.Reconciling;

namespace Ppma.Controllers.Tests.Reconciling;

public sealed class CompanionTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task RunAsync_ToldToStopOrToAbandon_EndsWithoutAnException(bool stop)
    {
        using var told = new CancellationTokenSource();
        var companion = new Companion(token => Task.Delay(Timeout.Infinite, token));

        Task running = stop ? companion.RunAsync(told.Token, CancellationToken.None) : companion.RunAsync(CancellationToken.None, told.Token);
        await told.CancelAsync();

        await running;
    }

    [Fact]
    public async Task RunAsync_ThatFails_Fails()
    {
        var companion = new Companion(_ => throw new InvalidOperationException("a bug"));

        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => companion.RunAsync(CancellationToken.None, CancellationToken.None));

        Assert.Equal("a bug", failure.Message);
    }
}
