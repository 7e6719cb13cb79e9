using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using k8s.Models;
using Ppma.Api.Manifests;

namespace Ppma.Api.Schemas;

/// <summary>
/// Structural schemas from types: fields as manifests spell them, bounds from the attributes that the validator holds values against,
/// defaults from a new instance.
/// </summary>
/// <param name="descriptions">What fields mean.</param>
/// <param name="withDefaults">Whether the API server fills in what is left out: in a spec, never in a status.</param>
internal sealed class SchemaBuilder(Descriptions descriptions, bool withDefaults)
{
    // RFC 3339 with a fraction and an offset.
    private const int LongestTime = 40;

    /// <summary>The schema of a record, without a description.</summary>
    public V1JSONSchemaProps Record(Type type)
    {
        var defaults = Activator.CreateInstance(type);
        var properties = new Dictionary<string, V1JSONSchemaProps>(StringComparer.Ordinal);
        var required = new List<string>();
        foreach (var field in ResourceField.Of(type))
        {
            var schema = Field(field.Property);
            schema.DefaultProperty = withDefaults ? Default(field.Property.GetValue(defaults)) : null;
            properties.Add(field.Name, schema);
            if (schema.DefaultProperty is null && field.Property.GetCustomAttribute<RequiredAttribute>() is not null)
            {
                required.Add(field.Name);
            }
        }

        return new V1JSONSchemaProps
        {
            Type = "object",
            Properties = properties.Count > 0 ? properties : null,
            Required = required.Count > 0 ? required : null,
            XKubernetesValidations = Rules(type) is { Count: > 0 } rules ? rules : null,
        };
    }

    /// <summary>A schema's value of a C# one; null where a new object says nothing (no text, no items).</summary>
    private static object? Default(object? value) => value switch
    {
        null or "" => null,
        Enum name => name.ToString(),
        string or bool or int or long or double => value,
        IEnumerable => null,
        DateTime => null,
        _ => new Dictionary<string, object>(),
    };

    private static List<V1ValidationRule> Rules(Type type) =>
    [
        .. type.GetCustomAttributes<RuleAttribute>().Select(rule => new V1ValidationRule { Rule = rule.Expression, Message = rule.Message }),
        .. TransitionRules.Of(type),
    ];

    private V1JSONSchemaProps Field(PropertyInfo property)
    {
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        var schema = !type.IsGenericType ? Value(type, Bounds.Of(property))
            : type.GetGenericArguments() is [_, var value] ? Map(value, property)
            : List(type.GetGenericArguments()[0], property);
        schema.Description = descriptions.Of(property);
        return schema;
    }

    private V1JSONSchemaProps Value(Type type, Bounds bounds) => Type.GetTypeCode(type) switch
    {
        _ when type.IsEnum => new() { Type = "string", EnumProperty = [.. Enum.GetNames(type)] },
        TypeCode.String => new() { Type = "string", MinLength = bounds.MinLength, MaxLength = bounds.MaxLength, Pattern = bounds.Pattern },
        TypeCode.Boolean => new() { Type = "boolean" },
        TypeCode.Int32 => new() { Type = "integer", Format = "int32", Minimum = bounds.Minimum, Maximum = bounds.Maximum },
        TypeCode.Int64 => new() { Type = "integer", Format = "int64", Minimum = bounds.Minimum, Maximum = bounds.Maximum },
        TypeCode.Double => new() { Type = "number", Format = "double", Minimum = bounds.Minimum, Maximum = bounds.Maximum },
        TypeCode.DateTime => new() { Type = "string", Format = "date-time", MaxLength = LongestTime },
        _ => Record(type),
    };

    private V1JSONSchemaProps List(Type item, PropertyInfo property)
    {
        var isMap = item == typeof(Condition);
        return new()
        {
            Type = "array",
            Items = Value(item, Bounds.OfItems(property)),
            MinItems = property.GetCustomAttribute<MinLengthAttribute>()?.Length,
            MaxItems = property.GetCustomAttribute<MaxLengthAttribute>()?.Length,
            XKubernetesListType = isMap ? "map" : "atomic",
            XKubernetesListMapKeys = isMap ? ["type"] : null,
        };
    }

    private V1JSONSchemaProps Map(Type value, PropertyInfo property) => value == typeof(object)
        ? new() { Type = "object", XKubernetesPreserveUnknownFields = true }
        : new()
        {
            Type = "object",
            MaxProperties = property.GetCustomAttribute<MaxLengthAttribute>()?.Length,
            AdditionalProperties = Value(value, Bounds.OfItems(property)),
        };
}
