using k8s.Models;
using Microsoft.Extensions.Time.Testing;
using Ppma.Api.Conditions;
using Ppma.Operator.Pods;
using Ppma.Operator.Runs;
using Ppma.Operator.Tests.Pods;

namespace Ppma.Operator.Tests.Runs;

/// <summary>Who owns a service account decides whether runs act as it.</summary>
public sealed class PodReviewTests
{
    private readonly FakeApi _api = new();
    private readonly FakeTimeProvider _time = new();
    private readonly FakeResources<V1ServiceAccount> _accounts;
    private readonly PodReview _review;

    public PodReviewTests()
    {
        _accounts = new(_api);
        _review = new(_accounts, new PodSettings(), _time);
    }

    [Fact]
    public async Task Refuse_AnAccountThatAllowsRuns_AsksForItOnceInAWhile()
    {
        Annotate("true");
        Assert.Null(await ReviewAsync());
        Assert.Null(await ReviewAsync());
        Assert.Single(_api.Requests);

        Annotate("false");
        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(Reason.PodNotAllowed, (await ReviewAsync())!.Reason);
    }

    [Fact]
    public async Task Refuse_AnAccountThatIsNotThere_AsksEachTime()
    {
        var refusal = await ReviewAsync();
        Assert.Contains("ServiceAccount default is not there or does not let runs use it", refusal!.Message, StringComparison.Ordinal);

        Annotate("true");
        Assert.Null(await ReviewAsync());
    }

    private Task<Refusal?> ReviewAsync() => _review.RefuseAsync(TestPods.Plan(), TestContext.Current.CancellationToken);

    private void Annotate(string answer) => _accounts.Put(new()
    {
        Metadata = new() { Name = "default", NamespaceProperty = TestPods.Run.Namespace, Annotations = new Dictionary<string, string> { [Labels.AllowRuns] = answer } },
    });
}
