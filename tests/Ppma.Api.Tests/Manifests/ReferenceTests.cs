using System.Collections;
using System.Text.RegularExpressions;
using Ppma.Api.Datasets;
using Ppma.Api.Evaluation;
using Ppma.Api.Manifests;
using Ppma.Api.Pretraining;
using Ppma.Api.Recipes;

namespace Ppma.Api.Tests.Manifests;

/// <summary>docs/reference/manifests.md names everything that a manifest may say.</summary>
public sealed partial class ReferenceTests
{
    private static readonly HashSet<string> Named =
    [
        .. CodeSpan.Matches(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Docs", "manifests.md")))
            .SelectMany(span => Word.Matches(span.Value).Select(word => word.Value)),
    ];

    public static TheoryData<Type> Kinds => [typeof(VideoDatasetSpec), typeof(PretrainRunSpec), typeof(EvalRunSpec)];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Reference_FieldsOfAManifest_AreInIt(Type spec) => Assert.Equal([], Fields(spec).Except(Named));

    [Fact]
    public void Reference_Presets_AreInIt() =>
        Assert.Equal([], RecipeCatalog.Stages.Keys.Concat(RecipeCatalog.Evaluations.Keys).Concat(ModelPresets.All.Keys).Except(Named));

    private static IEnumerable<string> Fields(Type type) => ResourceField.Of(type).SelectMany(field =>
    {
        var value = Nullable.GetUnderlyingType(field.Property.PropertyType) ?? field.Property.PropertyType;
        var item = value.IsAssignableTo(typeof(IEnumerable)) && value.IsGenericType ? value.GetGenericArguments()[^1] : value;
        return item.IsClass && item.Assembly == typeof(VideoDatasetSpec).Assembly ? Fields(item).Prepend(field.Name) : [field.Name];
    });

    [GeneratedRegex("`[^`]+`")]
    private static partial Regex CodeSpan { get; }

    [GeneratedRegex("[-A-Za-z0-9]+")]
    private static partial Regex Word { get; }
}
