using System.Globalization;
using System.Text.RegularExpressions;

namespace Ppma.Api.Manifests;

/// <summary>What a scalar may look like for a type, by the rules an API server reads YAML with.</summary>
internal static partial class YamlScalars
{
    public static bool IsNull(ScalarNode scalar) => scalar is { IsPlain: true, Value: "" or "~" or "null" or "Null" or "NULL" };

    /// <summary>What a scalar of the type is, in words; null when the type is none.</summary>
    public static string? Expectation(Type type) => Type.GetTypeCode(type) switch
    {
        _ when type.IsEnum => $"one of {string.Join(" | ", Enum.GetNames(type))}",
        TypeCode.String => "a string",
        TypeCode.Boolean => "true or false",
        TypeCode.Int32 or TypeCode.Int64 => "a whole number",
        TypeCode.Double => "a number",
        TypeCode.DateTime => "a time such as 2026-01-31T00:00:00Z",
        _ => null,
    };

    /// <summary>Cause and fix, or null when <paramref name="scalar"/> is a value of <paramref name="type"/>.</summary>
    public static string? Problem(ScalarNode scalar, Type type)
    {
        var text = scalar.Value;
        if (type == typeof(string))
        {
            return scalar.IsPlain && OtherThanString.IsMatch(text) ? $"must be a string; write \"{text}\" in quotes" : null;
        }

        if (type.IsEnum)
        {
            var names = Enum.GetNames(type);
            return names.Contains(text, StringComparer.Ordinal) ? null : $"\"{text}\" is not known{Spelling.Suggest(text, names)}";
        }

        var good = Type.GetTypeCode(type) switch
        {
            TypeCode.Boolean => scalar is { IsPlain: true, Value: "true" or "false" },
            TypeCode.Int32 => scalar.IsPlain && int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _),
            TypeCode.Int64 => scalar.IsPlain && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _),
            TypeCode.Double => scalar.IsPlain && Number.IsMatch(text) && double.IsFinite(double.Parse(text, CultureInfo.InvariantCulture)),
            _ => DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out _),
        };
        return good ? null : $"must be {Expectation(type)}, not {(scalar.IsPlain ? text : $"the string \"{text}\"")}";
    }

    [GeneratedRegex(@"\A[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\z")]
    private static partial Regex Number { get; }

    [GeneratedRegex(@"\A([-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|true|false|yes|no|on|off|y|n)\z", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex OtherThanString { get; }
}
