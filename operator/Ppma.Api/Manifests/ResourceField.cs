using System.Collections.Concurrent;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ppma.Api.Manifests;

/// <summary>One field of a resource type as manifests spell it.</summary>
internal sealed record ResourceField(string Name, PropertyInfo Property, bool MayBeNull)
{
    private static readonly ConcurrentDictionary<Type, IReadOnlyList<ResourceField>> Cache = new();

    public static IReadOnlyList<ResourceField> Of(Type type) => Cache.GetOrAdd(type, static type =>
    {
        var nullability = new NullabilityInfoContext();
        return [.. type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.CanWrite && property.GetIndexParameters().Length == 0)
            .Select(property => new ResourceField(
                property.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name ?? JsonNamingPolicy.CamelCase.ConvertName(property.Name),
                property,
                Nullable.GetUnderlyingType(property.PropertyType) is not null
                    || (!property.PropertyType.IsValueType && nullability.Create(property).WriteState != NullabilityState.NotNull)))];
    });
}
