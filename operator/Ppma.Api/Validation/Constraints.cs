using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.RegularExpressions;
using Ppma.Api.Manifests;
using Ppma.Api.Schemas;

namespace Ppma.Api.Validation;

/// <summary>Checks an object against the attributes of its type: required, lengths, ranges, patterns.</summary>
internal static class Constraints
{
    private static readonly Dictionary<string, string> PatternFixes = new(StringComparer.Ordinal)
    {
        [NameRules.Label] = "use lower-case letters, digits and '-', a letter or digit at both ends",
        [NameRules.Subdomain] = "use lower-case letters, digits, '-' and '.', a letter or digit at both ends",
        [NameRules.SecretKey] = "use letters, digits, '-', '_' and '.', and no \"..\" at the front",
        [NameRules.Sha256] = "write a SHA-256 of 64 lower-case hex digits",
        [Datasets.Attestation.DigestPattern] = "write the SHA-256 that \"ppma dataset verify\" prints (64 lower-case hex digits), or TrustOnFirstUse",
        [Runs.Quantity.Pattern] = "write a quantity such as 500m or 16Gi",
    };

    public static void Check(object value, string path, Findings findings)
    {
        foreach (var field in ResourceField.Of(value.GetType()))
        {
            var fieldPath = path.Length == 0 ? field.Name : $"{path}.{field.Name}";
            Check(field.Property.GetValue(value), field.Property, fieldPath, findings);
        }
    }

    private static void Check(object? value, PropertyInfo property, string path, Findings findings)
    {
        if (value is null or "")
        {
            if (property.GetCustomAttribute<RequiredAttribute>() is not null)
            {
                var type = Nullable.GetUnderlyingType(property.PropertyType);
                findings.Add(path, type is { IsEnum: true } ? $"is missing; use {string.Join(" | ", Enum.GetNames(type))}" : "is missing");
            }

            return;
        }

        foreach (var rule in property.GetCustomAttributes<ValidationAttribute>())
        {
            if (Problem(rule, value) is { } problem)
            {
                findings.Add(path, problem);
            }
        }

        if (value is IDictionary<string, string> texts && property.GetCustomAttribute<ItemsAttribute>() is { } items)
        {
            Check(texts, items, path, findings);
        }
        else if (IsRecord(value.GetType()))
        {
            Check(value, path, findings);
        }
        else if (value is not string && value is IList list)
        {
            for (var i = 0; i < list.Count; i++)
            {
                if (list[i] is { } item && IsRecord(item.GetType()))
                {
                    Check(item, $"{path}[{i}]", findings);
                }
            }
        }
    }

    private static void Check(IDictionary<string, string> texts, ItemsAttribute rule, string path, Findings findings)
    {
        foreach (var (key, text) in texts)
        {
            if (text.Length > rule.MaxLength)
            {
                findings.Add($"{path}[{key}]", $"is {text.Length} characters long; at most {rule.MaxLength} are allowed");
            }
            else if (rule.Pattern is { } pattern && !Regex.IsMatch(text, pattern))
            {
                findings.Add($"{path}[{key}]", Mismatch(text, pattern));
            }
        }
    }

    private static string Mismatch(object value, string pattern) =>
        $"\"{value}\" is not allowed; {PatternFixes.GetValueOrDefault(pattern, $"it must match {pattern}")}";

    private static bool IsRecord(Type type) => type.IsClass && type.Assembly == typeof(Constraints).Assembly;

    private static string? Problem(ValidationAttribute rule, object value) => rule.IsValid(value) ? null : rule switch
    {
        MaxLengthAttribute most when value is string text => $"is {text.Length} characters long; at most {most.Length} are allowed",
        MaxLengthAttribute most => $"has {Count(value)} items; at most {most.Length} are allowed",
        MinLengthAttribute least when Count(value) == 0 => $"is empty; at least {Items(least.Length)} needed",
        MinLengthAttribute least => $"has {Count(value)} items; at least {Items(least.Length)} needed",
        RangeAttribute { Maximum: int.MaxValue or >= (double)long.MaxValue } range => $"is {value}; it must be at least {range.Minimum}",
        RangeAttribute range => $"is {value}; it must lie in {range.Minimum}..{range.Maximum}",
        RegularExpressionAttribute pattern => Mismatch(value, pattern.Pattern),
        _ => "is missing",
    };

    private static string Items(int count) => count == 1 ? "1 item is" : $"{count} items are";

    private static int Count(object value) => ((ICollection)value).Count;
}
