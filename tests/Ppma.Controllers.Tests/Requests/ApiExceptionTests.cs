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

    [Fact]
    public void Conflict_OfANameThatIsTaken_IsNoConflictOfVersions()
    {
        var taken = new ApiException(HttpStatusCode.Conflict, "AlreadyExists", "pods \"a\" already exists");

        Assert.True(taken.AlreadyExists);
        Assert.False(taken.Conflict);
    }
}
