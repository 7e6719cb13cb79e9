using System.Net;
using Ppma.Controllers.Requests;

namespace Ppma.Controllers.Tests.Requests;

public sealed class ApiExceptionTests
{
    [Theory]
    [InlineData(HttpStatusCode.UnprocessableEntity, "Invalid", true, false)]
    [InlineData(HttpStatusCode.Forbidden, "Forbidden", true, false)]
    [InlineData(HttpStatusCode.TooManyRequests, "TooManyRequests", false, true)]
    [InlineData(HttpStatusCode.InternalServerError, "InternalError", false, true)]
    [InlineData(null, "", false, true)]
    [InlineData(HttpStatusCode.Conflict, "Conflict", false, false)]
    public void Exception_OfACode_SaysWhetherTryingAgainHelps(HttpStatusCode? code, string reason, bool refused, bool transient)
    {
        var exception = new ApiException(code, reason, "no");

        Assert.Equal((refused, transient), (exception.Refused, exception.Transient));
    }

    [Theory]
    [InlineData("jobs.batch \"a\" is forbidden: exceeded quota: team, requested: count/jobs.batch=1, used: count/jobs.batch=4, limited: count/jobs.batch=4", true)]
    [InlineData("jobs.batch \"a\" is forbidden: status unknown for quota: team, resources: count/jobs.batch", true)]
    [InlineData("pods \"a\" is forbidden: failed quota: team: must specify limits.cpu", false)]
    [InlineData("jobs.batch is forbidden: User \"bob\" cannot create resource \"jobs\"", false)]
    public void Forbidden_ForWantOfQuota_IsNoRefusalOfTheObject(string message, bool quota)
    {
        var exception = new ApiException(HttpStatusCode.Forbidden, "Forbidden", message);

        Assert.Equal((quota, !quota), (exception.QuotaExceeded, exception.Refused));
    }

    [Fact]
    public void Conflict_OfANameThatIsTaken_IsNoConflictOfVersions()
    {
        var taken = new ApiException(HttpStatusCode.Conflict, "AlreadyExists", "pods \"a\" already exists");

        Assert.True(taken.AlreadyExists);
        Assert.False(taken.Conflict);
    }
}
