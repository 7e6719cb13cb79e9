using k8s.Models;

namespace Ppma.Api.Tests.Schemas;

public sealed class CustomResourcesTests
{
    private static readonly string[] CSharpWords = ["Ppma.", "IList", "IDictionary", " null", "cref", "()"];

    private static IEnumerable<SchemaField> Fields => SchemaField.OfAllKinds;

    [Fact]
    public void Field_OfAManifestOrStatus_IsDescribed() =>
        Assert.Empty(Fields.Where(field => !field.Path.EndsWith(']') && string.IsNullOrWhiteSpace(field.Schema.Description)).Select(field => field.Path));

    [Fact]
    public void Description_OfAnyField_SpeaksNoCSharp() =>
        Assert.Empty(Fields.Where(field => CSharpWords.Any(word => field.Schema.Description?.Contains(word, StringComparison.Ordinal) == true)).Select(field => field.Path));

    [Fact]
    public void Size_OfAnyValue_IsBounded()
    {
        var open = Fields.Where(field => field.Schema.Type switch
        {
            "string" => field.Schema.MaxLength is null && field.Schema.EnumProperty is null,
            "array" => field.Schema.MaxItems is null,
            "integer" => field.Schema.Format is null || field.Schema.Minimum is null || (field.Schema.Format == "int32" && field.Schema.Maximum is null),
            "object" => field.Schema.AdditionalProperties is not null && field.Schema.MaxProperties is null,
            _ => false,
        });

        Assert.Empty(open.Select(field => field.Path));
    }

    [Fact]
    public void UnknownFields_OfAPodOverride_AreKept_AndNoOthers() => Assert.Equal(
        ["EvalRun: spec.compute.podTemplateOverrides", "PretrainRun: spec.compute.podTemplateOverrides"],
        Fields.Where(field => field.Schema.XKubernetesPreserveUnknownFields == true).Select(field => field.Path).Order(StringComparer.Ordinal));

    [Fact]
    public void List_OfAnything_HasOneWriter_ExceptConditions()
    {
        var lists = Fields.Where(field => field.Schema.Type == "array").ToLookup(field => field.Path.EndsWith(".conditions", StringComparison.Ordinal));

        Assert.All(lists[false], field => Assert.Equal("atomic", field.Schema.XKubernetesListType));
        Assert.All(lists[true], field => Assert.Equal(("map", "type"), (field.Schema.XKubernetesListType, field.Schema.XKubernetesListMapKeys.Single())));
    }

    [Fact]
    public void Status_OfEveryKind_IsASubresourceThatBeginsAtGenerationMinusOne() => Assert.All(SchemaField.Definitions.Values, definition =>
    {
        var version = definition.Spec.Versions.Single();
        var initial = Assert.IsType<Dictionary<string, object>>(version.Schema.OpenAPIV3Schema.Properties["status"].DefaultProperty);

        Assert.NotNull(version.Subresources.Status);
        Assert.Equal([new("observedGeneration", -1)], initial);
        Assert.Empty(SchemaField.Of(definition).Where(field => field.Path.StartsWith("status.", StringComparison.Ordinal) && field.Schema.DefaultProperty is not null).Select(field => field.Path));
    });

    [Theory]
    [InlineData("PretrainRun", "pretrainruns", "ptr")]
    [InlineData("EvalRun", "evalruns", "evr")]
    [InlineData("VideoDataset", "videodatasets", "vds")]
    public void Names_OfAKind_AreThoseThatPeopleType(string kind, string plural, string shortName)
    {
        var names = SchemaField.Definitions[kind].Spec.Names;

        Assert.Equal((plural, shortName, "ppma"), (names.Plural, names.ShortNames.Single(), names.Categories.Single()));
    }

    [Fact]
    public void Defaults_OfARun_AreThoseOfTheTypes()
    {
        var run = SchemaField.Of(SchemaField.Definitions["PretrainRun"]).ToDictionary(field => field.Path, field => field.Schema.DefaultProperty);

        Assert.Equal("Forbidden", run["spec.privacy.realHumans"]);
        Assert.Equal(604_800, run["spec.ttlSecondsAfterFinished"]);
        Assert.Equal(false, run["spec.suspend"]);
        Assert.Null(run["spec.deadlines.activeSeconds"]);
        Assert.Null(run["spec.compute.image"]);
    }

    [Fact]
    public void Required_OfAStage_IsWhatHasNoDefault()
    {
        var stage = SchemaField.Of(SchemaField.Definitions["PretrainRun"]).Single(field => field.Path == "spec.stages[]").Schema;

        Assert.Equal(["name", "objective", "preset", "datasets"], stage.Required);
    }

    [Theory]
    [InlineData("stages", "self.stages == oldSelf.stages")]
    [InlineData("weights", "has(self.weights) == has(oldSelf.weights) && (!has(self.weights) || self.weights == oldSelf.weights)")]
    [InlineData("cancel", "self.cancel || !oldSelf.cancel")]
    [InlineData("deadlines.startupSeconds", "self.deadlines.startupSeconds >= oldSelf.deadlines.startupSeconds")]
    [InlineData("deadlines.activeSeconds", "!has(self.deadlines.activeSeconds) || (has(oldSelf.deadlines.activeSeconds) && self.deadlines.activeSeconds >= oldSelf.deadlines.activeSeconds)")]
    [InlineData("restart.backoffSeconds", "self.restart.backoffSeconds == oldSelf.restart.backoffSeconds")]
    public void Rule_OfAFieldThatMayNotChangeFreely_StandsAtTheSpec(string field, string rule) => Assert.Contains(
        Spec("PretrainRun").XKubernetesValidations,
        validation => validation.FieldPath == $".{field}" && validation.Rule == rule && validation.Message.StartsWith($"{field} ", StringComparison.Ordinal));

    [Theory]
    [InlineData("PretrainRun")]
    [InlineData("EvalRun")]
    public void Rules_OfARun_LeaveFreeOnlyWhatIsMeantToChange(string kind)
    {
        var ruled = Spec(kind).XKubernetesValidations.Select(validation => validation.FieldPath?.Split('.')[1]).ToHashSet();

        Assert.Equal(["suspend", "ttlSecondsAfterFinished"], Spec(kind).Properties.Keys.Except(ruled).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Spec_OfAVideoDataset_MayChange() => Assert.All(Spec("VideoDataset").XKubernetesValidations, rule => Assert.DoesNotContain("oldSelf", rule.Rule));

    private static V1JSONSchemaProps Spec(string kind) => SchemaField.Definitions[kind].Spec.Versions[0].Schema.OpenAPIV3Schema.Properties["spec"];
}
