using Ppma.Api.Schemas;

namespace Ppma.Api.Tests.Schemas;

/// <summary>What was released goes on to be taken.</summary>
public sealed class SchemaComparisonTests
{
    private const string Before = """
        spec:
          group: ppma.cloud
          scope: Namespaced
          names: {kind: Run, plural: runs, singular: run, shortNames: [r]}
          versions:
          - name: v1
            subresources: {status: {}}
            schema:
              openAPIV3Schema:
                type: object
                required: [spec]
                properties:
                  spec:
                    type: object
                    x-kubernetes-validations:
                    - {rule: self.a == oldSelf.a, message: no}
                    properties:
                      seed: {type: integer, format: int32, minimum: 0, maximum: 100, default: 5}
                      mode: {type: string, enum: [A, B]}
                      name: {type: string, maxLength: 12, pattern: ^a}
                      free: {type: string}
                      stages: {type: array, maxItems: 8, x-kubernetes-list-type: atomic, items: {type: object, properties: {steps: {type: integer}}}}
                      labels: {type: object, maxProperties: 4, additionalProperties: {type: string, maxLength: 63}}
        """;

    private static readonly IReadOnlyDictionary<string, string> Made = GeneratedFiles.All();

    public static TheoryData<string> Released =>
        [.. Directory.EnumerateFiles(ReleasedFolder, "*.yaml", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(ReleasedFolder, file)).Order(StringComparer.Ordinal)];

    private static string ReleasedFolder => Path.Combine(AppContext.BaseDirectory, "Released");

    [Theory]
    [MemberData(nameof(Released))]
    public void Definition_SinceARelease_TakesAllItTook(string file)
    {
        var breaks = SchemaComparison.Breaks(File.ReadAllText(Path.Combine(ReleasedFolder, file)), Made[$"charts/ppma-cloud/files/crds/{Path.GetFileName(file)}"]);

        Assert.True(
            breaks.Count == 0,
            $"Stored resources and manifests of {file} would break:\n{string.Join('\n', breaks)}\nTake what was taken; or, as long as that release is not out, copy the definition of charts/ppma-cloud/files/crds there.");
    }

    [Fact]
    public void Release_OfAnyVersion_HasEveryKindThereWas() => Assert.Equal(
        Made.Keys.Where(file => file.EndsWith(".yaml", StringComparison.Ordinal)).Select(file => $"v0.1/{Path.GetFileName(file)}").Order(StringComparer.Ordinal),
        Released.Select(file => file.Data));

    [Theory]
    [InlineData("seed: {type: integer, format: int32, minimum: 0, maximum: 100, default: 5}", "", "spec.seed: is gone")]
    [InlineData("properties: {steps: {type: integer}}", "properties: {}", "spec.stages[].steps: is gone")]
    [InlineData("enum: [A, B]", "enum: [A]", "spec.mode: no longer takes B")]
    [InlineData("free: {type: string}", "free: {type: string, enum: [x]}", "spec.free: takes only x now")]
    [InlineData("maximum: 100", "maximum: 99", "spec.seed: maximum is 99, was 100")]
    [InlineData("minimum: 0", "minimum: 0.5", "spec.seed: minimum is 0.5, was 0")]
    [InlineData("maxLength: 12", "maxLength: 11", "spec.name: maxLength is 11, was 12")]
    [InlineData("free: {type: string}", "free: {type: string, maxLength: 9}", "spec.free: maxLength is 9, was open")]
    [InlineData("free: {type: string}", "free: {type: string, minLength: 1}", "spec.free: minLength is 1, was open")]
    [InlineData("maxItems: 8", "maxItems: 7", "spec.stages: maxItems is 7, was 8")]
    [InlineData("maxProperties: 4", "maxProperties: 3", "spec.labels: maxProperties is 3, was 4")]
    [InlineData("maxLength: 63", "maxLength: 62", "spec.labels[*]: maxLength is 62, was 63")]
    [InlineData("pattern: ^a", "pattern: ^b", "spec.name: pattern is ^b, was ^a")]
    [InlineData("steps: {type: integer}", "steps: {type: string}", "spec.stages[].steps: type is string, was integer")]
    [InlineData("format: int32", "format: int64", "spec.seed: format is int64, was int32")]
    [InlineData("default: 5", "default: 6", "spec.seed: default is 6, was 5")]
    [InlineData(", default: 5", "", "spec.seed: default is nothing, was 5")]
    [InlineData("atomic", "set", "spec.stages: x-kubernetes-list-type is set, was atomic")]
    [InlineData("required: [spec]", "required: [spec, status]", "status: is required now")]
    [InlineData("- {rule: self.a", "- {rule: self.b > 0, message: no}\n            - {rule: self.a", "spec: has a new rule: self.b > 0")]
    [InlineData("- {rule: self.a", "- {rule: self.seed == oldSelf.seed, message: no, fieldPath: .seed}\n            - {rule: self.a", "spec: has a new rule: self.seed == oldSelf.seed")]
    [InlineData("name: v1", "name: v2", "version v1: is gone")]
    [InlineData("shortNames: [r]", "shortNames: [rr]", "names.shortNames: no longer takes r")]
    [InlineData("scope: Namespaced", "scope: Cluster", "scope: scope is Cluster, was Namespaced")]
    public void Breaks_OfATighterSchema_NamesFieldAndChange(string old, string now, string finding) =>
        Assert.Equal([finding], SchemaComparison.Breaks(Before, Changed(old, now)));

    [Theory]
    [InlineData("maximum: 100", "maximum: 200")]
    [InlineData("minimum: 0, ", "")]
    [InlineData("enum: [A, B]", "enum: [A, B, C]")]
    [InlineData(", enum: [A, B]", "")]
    [InlineData("maxLength: 12, ", "")]
    [InlineData("required: [spec]", "required: []")]
    [InlineData("free: {type: string}", "free: {type: string}\n              more: {type: string, maxLength: 3, default: x}")]
    [InlineData("- {rule: self.a", "- {rule: self.b == oldSelf.b, message: no, fieldPath: .b}\n            - {rule: self.a")]
    [InlineData("message: no", "message: this may not change")]
    [InlineData("{rule: self.a == oldSelf.a, message: no}", "{rule: self.a == oldSelf.a, message: no, fieldPath: .a}")]
    public void Breaks_OfAWiderSchema_AreNone(string old, string now) => Assert.Empty(SchemaComparison.Breaks(Before, Changed(old, now)));

    private static string Changed(string old, string now)
    {
        Assert.Contains(old, Before, StringComparison.Ordinal);
        return Before.Replace(old, now, StringComparison.Ordinal);
    }
}
