using System.Text.Json;
using Ppma.Api.Recipes;
using Ppma.Api.Tasks;

namespace Ppma.Cli.Explaining;

/// <summary>A number of the manifest that differs from its preset.</summary>
/// <param name="Field">Where, as in the manifest: <c>optimization.peakRate</c>.</param>
/// <param name="Value">What the manifest says, as JSON.</param>
/// <param name="Preset">What the preset says, as JSON; null where it says nothing.</param>
internal sealed record RecipeOverride(string Field, string Value, string? Preset)
{
    private static readonly string[] Groups = ["clip", "augmentation", "optimization"];

    /// <summary>All of them, in the manifest's order.</summary>
    /// <param name="overrides">A stage or an evaluation.</param>
    /// <param name="recipe">Its preset.</param>
    public static IReadOnlyList<RecipeOverride> Of(IRecipeOverrides overrides, Recipe recipe)
    {
        JsonElement preset = JsonSerializer.SerializeToElement(recipe, recipe.GetType(), TaskJson.Options);
        JsonElement given = JsonSerializer.SerializeToElement(overrides, overrides.GetType(), TaskJson.Options);
        return [.. given.EnumerateObject().SelectMany(property => Of(property, preset, recipe))];
    }

    private static IEnumerable<RecipeOverride> Of(JsonProperty property, JsonElement preset, Recipe recipe)
    {
        if (Groups.Contains(property.Name))
        {
            return property.Value.EnumerateObject()
                .Select(inner => Compare($"{property.Name}.{inner.Name}", inner.Value, Find(preset.GetProperty(property.Name), inner.Name)))
                .OfType<RecipeOverride>();
        }

        if (property.Name is "epochs" or "steps")
        {
            return [new RecipeOverride(property.Name, property.Value.GetRawText(), recipe.Steps is { } steps ? $"{steps} steps" : $"{recipe.Epochs} epochs")];
        }

        // A field that the preset does not have either is none of its numbers: a name, a data set, a setting of the run.
        JsonElement? theirs = Find(preset, property.Name) ?? Find(preset.GetProperty("optimization"), property.Name);
        return theirs is null || Compare(property.Name, property.Value, theirs) is not { } changed ? [] : [changed];
    }

    private static RecipeOverride? Compare(string field, JsonElement value, JsonElement? preset) =>
        preset is { } theirs && JsonElement.DeepEquals(value, theirs) ? null : new(field, value.GetRawText(), preset?.GetRawText());

    private static JsonElement? Find(JsonElement parent, string name) => parent.TryGetProperty(name, out JsonElement found) ? found : null;
}
