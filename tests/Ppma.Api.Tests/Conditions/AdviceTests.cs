using System.Text.RegularExpressions;
using k8s.Models;
using Ppma.Api.Conditions;
using Ppma.Api.Conditions.Troubleshooting;
using Ppma.Api.Schemas;

namespace Ppma.Api.Tests.Conditions;

/// <summary>Whoever meets a reason finds advice on it that can be followed.</summary>
public sealed partial class AdviceTests
{
    private static readonly string Page = GeneratedFiles.All()[TroubleshootingPage.File];

    private static readonly IReadOnlyList<V1JSONSchemaProps> Schemas =
        [.. CustomResources.Definitions().Select(definition => definition.Spec.Versions[0].Schema.OpenAPIV3Schema)];

    public static TheoryData<Reason> Reasons => [.. Enum.GetValues<Reason>()];

    public static TheoryData<int> Codes => [.. TroubleshootingPage.Codes];

    [Theory]
    [MemberData(nameof(Reasons))]
    public void Reason_AnyOfThem_IsOnThePageWithWhatToDo(Reason reason)
    {
        var advice = AdviceBook.On(reason);

        if (advice.Outlook == Outlook.Fine)
        {
            Assert.Contains($"\n| `{reason}` | ", Page, StringComparison.Ordinal);
        }
        else
        {
            Assert.Contains($"\n### `{reason}`\n", Page, StringComparison.Ordinal);
            Assert.NotEmpty(advice.Causes);
            Assert.NotEmpty(advice.Look);
            Assert.NotEmpty(advice.Fixes);
        }
    }

    [Theory]
    [MemberData(nameof(Codes))]
    public void ExitCode_AnyThatHasAName_IsOnThePage(int code) => Assert.Contains($"\n| {code} | [`", Page, StringComparison.Ordinal);

    [Fact]
    public void ExitCodes_OfTheContract_AreThoseOnThePage() =>
        Assert.Equal([0, 1, 40, 41, 42, 43, 44, 64, 65, 66, 67, 68], TroubleshootingPage.Codes);

    [Fact]
    public void Field_NamedOnThePage_IsInASchema()
    {
        var fields = Field().Matches(Page).Select(match => match.Value).Distinct().ToList();

        Assert.True(fields.Count > 20, "The page names fields of the spec and of the status.");
        Assert.All(fields, field => Assert.True(Schemas.Any(schema => Has(schema, field.Split('.'))), $"{field} is in no schema"));
    }

    [Theory]
    [InlineData("spec.restart.application", true)]
    [InlineData("spec.restart.applications", false)]
    [InlineData("status.restarts.last.cause", true)]
    public void Field_InTheSchemas_IsFoundByItsPath(string field, bool there) => Assert.Equal(there, Schemas.Any(schema => Has(schema, field.Split('.'))));

    // Below a map of free names, and inside a patch, nothing is known.
    private static bool Has(V1JSONSchemaProps schema, ReadOnlySpan<string> path) =>
        path.IsEmpty
        || schema.AdditionalProperties is not null
        || schema.XKubernetesPreserveUnknownFields == true
        || (schema.Items is V1JSONSchemaProps items && Has(items, path))
        || (schema.Properties?.TryGetValue(path[0], out var property) == true && Has(property, path[1..]));

    [GeneratedRegex(@"(?<=[`{/ .])(spec|status)(\.[a-z][A-Za-z0-9]*)+(?![A-Za-z0-9]|\[)(?=[`}:, ';)])")]
    private static partial Regex Field();
}
