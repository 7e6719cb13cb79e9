using System.Text.RegularExpressions;
using k8s.Models;
using Ppma.Api.Schemas;

namespace Ppma.Architecture.Tests;

/// <summary>Fields of resources that documents name are fields of a resource.</summary>
public sealed partial class DocumentedFieldTests
{
    private static readonly IReadOnlyList<V1JSONSchemaProps> Schemas =
        [.. CustomResources.Definitions().Select(definition => definition.Spec.Versions[0].Schema.OpenAPIV3Schema)];

    [Fact]
    public void Field_InADocument_IsInASchema()
    {
        var named = (
            from document in Repository.Files.Where(file => file.EndsWith(".md", StringComparison.Ordinal) && !file.StartsWith("docs/adr/", StringComparison.Ordinal))
            from line in Repository.ReadLines(document)
            from Match field in Field().Matches(line)
            select (Document: document, Name: field.Value)).ToList();

        Assert.True(named.Count > 100, "Documents name fields of the spec and of the status.");
        Findings.None(named.Where(field => !IsThere(field.Name)).Select(field => $"{field.Document}: {field.Name}").Distinct());
    }

    [Theory]
    [InlineData("spec.restart.application", true)]
    [InlineData("spec.restart.applications", false)]
    [InlineData("spec.compute.limits.memory", true)]
    [InlineData("status.restarts.last.cause", true)]
    [InlineData("status.restart", false)]
    public void Field_InTheSchemas_IsFoundByItsPath(string field, bool there) => Assert.Equal(there, IsThere(field));

    private static bool IsThere(string field) => Schemas.Any(schema => Has(schema, field.Split('.')));

    // Below a map of free names, and inside a patch, nothing is known.
    private static bool Has(V1JSONSchemaProps schema, ReadOnlySpan<string> path) =>
        path.IsEmpty
        || schema.AdditionalProperties is not null
        || schema.XKubernetesPreserveUnknownFields == true
        || (schema.Items is V1JSONSchemaProps items && Has(items, path))
        || (schema.Properties?.TryGetValue(path[0], out var property) == true && Has(property, path[1..]));

    // A pod's, a Job's and a node's fields have their owner before them.
    [GeneratedRegex(@"(?<=[`{ (]\.?)(?:spec|status)(?:\.[a-z][A-Za-z0-9]*)+(?=[`}:, ;)])")]
    private static partial Regex Field();
}
