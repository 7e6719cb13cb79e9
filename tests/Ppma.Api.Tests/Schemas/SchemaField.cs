using k8s.Models;
using Ppma.Api.Schemas;

namespace Ppma.Api.Tests.Schemas;

/// <summary>A schema somewhere in a definition, under the path that a manifest has there: <c>spec.stages[].name</c>.</summary>
internal sealed record SchemaField(string Path, V1JSONSchemaProps Schema)
{
    public static IReadOnlyDictionary<string, V1CustomResourceDefinition> Definitions { get; } =
        CustomResources.Definitions().ToDictionary(definition => definition.Spec.Names.Kind, StringComparer.Ordinal);

    /// <summary>Every field of every kind that this project describes, with the kind before its path.</summary>
    public static IEnumerable<SchemaField> OfAllKinds => Definitions
        .SelectMany(kind => Of(kind.Value).Select(found => found with { Path = $"{kind.Key}: {found.Path}" }));

    /// <summary>The fields below <c>spec</c> and <c>status</c>, they themselves included.</summary>
    public static IEnumerable<SchemaField> Of(V1CustomResourceDefinition definition) => new[] { "spec", "status" }
        .SelectMany(name => Within(name, definition.Spec.Versions[0].Schema.OpenAPIV3Schema.Properties[name]));

    private static IEnumerable<SchemaField> Within(string path, V1JSONSchemaProps schema) =>
    [
        new(path, schema),
        .. (schema.Properties ?? new Dictionary<string, V1JSONSchemaProps>()).SelectMany(property => Within($"{path}.{property.Key}", property.Value)),
        .. schema.Items is V1JSONSchemaProps item ? Within($"{path}[]", item) : [],
        .. schema.AdditionalProperties is V1JSONSchemaProps value ? Within($"{path}[*]", value) : [],
    ];
}
