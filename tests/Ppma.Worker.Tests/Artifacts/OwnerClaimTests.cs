using Ppma.Api.Tasks;
using Ppma.Worker.Artifacts;

namespace Ppma.Worker.Tests.Artifacts;

public sealed class OwnerClaimTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Take_FolderOfAnotherRun_Is44()
    {
        OwnerClaim.Take(_folder.Path, "u1", attempt: 1).Dispose();

        Assert.Equal(ExitCodes.Superseded, Refusal("u2", attempt: 9));
    }

    [Fact]
    public void Take_LowerAttempt_Is44EvenWhenTheHigherOneIsGone()
    {
        OwnerClaim.Take(_folder.Path, "u1", attempt: 3).Dispose();

        Assert.Equal(ExitCodes.Superseded, Refusal("u1", attempt: 2));
    }

    [Fact]
    public void Take_TornOwnerFile_IsTaken()
    {
        File.WriteAllText(_folder.File("owner.json"), """{"uid": "u""");

        using OwnerClaim claim = OwnerClaim.Take(_folder.Path, "u1", attempt: 1);

        claim.WhileOwner(() => { });
    }

    [Fact]
    public void Publish_AfterAHigherAttemptTookOver_Is44AndWritesNothing()
    {
        using OwnerClaim old = OwnerClaim.Take(_folder.Path, "u1", attempt: 1);
        var artifacts = new RunFolder(_folder.Path, _folder.Path, old);
        artifacts.Publish("latest.json", "1"u8);
        using OwnerClaim newer = OwnerClaim.Take(_folder.Path, "u1", attempt: 2);

        var failure = Assert.Throws<TaskFailedException>(() => artifacts.Publish("latest.json", "2"u8));

        Assert.Equal(ExitCodes.Superseded, failure.ExitCode);
        Assert.Equal("1", File.ReadAllText(_folder.File("latest.json")));
        Assert.Empty(Directory.GetFiles(_folder.Path, "*.tmp"));
    }

    [Fact]
    public async Task Take_ManyAtOnce_ExactlyOneWins()
    {
        Task<OwnerClaim?>[] contenders = [.. Enumerable.Range(0, 16).Select(_ => Task.Run(TryTake))];

        OwnerClaim?[] claims = await Task.WhenAll(contenders);

        Assert.Single(claims, claim => claim is not null);
        Array.ForEach(claims, claim => claim?.Dispose());
    }

    private OwnerClaim? TryTake()
    {
        try
        {
            return OwnerClaim.Take(_folder.Path, "u1", attempt: 1);
        }
        catch (TaskFailedException e) when (e.ExitCode == ExitCodes.Superseded)
        {
            return null;
        }
    }

    private int Refusal(string uid, int attempt) =>
        Assert.Throws<TaskFailedException>(() => OwnerClaim.Take(_folder.Path, uid, attempt)).ExitCode;
}
