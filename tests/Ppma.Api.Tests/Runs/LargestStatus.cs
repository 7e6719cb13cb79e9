using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using Ppma.Api.Manifests;

namespace Ppma.Api.Tests.Runs;

/// <summary>A value of a status type with every field set, every text and list as long as its bound and every number as long as it gets.</summary>
internal static class LargestStatus
{
    public static T Of<T>(char letter) => (T)Of(typeof(T), null, letter);

    private static object Of(Type type, PropertyInfo? property, char letter)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(string))
        {
            return new string(letter, Bound(property!));
        }

        if (type.IsGenericType && type.IsAssignableTo(typeof(IEnumerable)))
        {
            return Filled(type, Bound(property!), letter);
        }

        return Type.GetTypeCode(type) switch
        {
            _ when type.IsEnum => Enum.GetValues(type).Cast<object>().MaxBy(value => value.ToString()!.Length)!,
            TypeCode.Boolean => false,
            TypeCode.Int32 => int.MaxValue,
            TypeCode.Int64 => long.MaxValue,
            TypeCode.Double => -1.2345678901234567e-100,
            _ when type == typeof(ResourceReference) => new ResourceReference { Name = new string(letter, 63) }, // Jobs are named within a label's length.
            TypeCode.DateTime => new DateTime(2026, 12, 31, 23, 59, 59, DateTimeKind.Utc).AddTicks(1234560),
            _ => Record(type, letter),
        };
    }

    private static object Record(Type type, char letter)
    {
        var value = Activator.CreateInstance(type)!;
        foreach (var field in ResourceField.Of(type))
        {
            field.Property.SetValue(value, Of(field.Property.PropertyType, field.Property, letter));
        }

        return value;
    }

    private static object Filled(Type type, int count, char letter)
    {
        var items = type.GetGenericArguments();
        if (items.Length == 2)
        {
            return Enumerable.Range(0, count).ToDictionary(i => $"{i}{new string(letter, 60)}", _ => long.MaxValue);
        }

        var list = (IList)Activator.CreateInstance(typeof(List<>).MakeGenericType(items))!;
        for (var i = 0; i < count; i++)
        {
            list.Add(Of(items[0], null, letter));
        }

        return list;
    }

    private static int Bound(PropertyInfo property) =>
        property.GetCustomAttribute<MaxLengthAttribute>()?.Length
        ?? throw new InvalidOperationException($"{property.DeclaringType!.Name}.{property.Name} has no MaxLength, so a status could grow without end.");
}
