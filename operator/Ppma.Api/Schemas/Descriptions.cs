using System.Collections;
using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Ppma.Api.Schemas;

/// <summary>The summaries of types and members in plain words, for people who read <c>kubectl explain</c> and no C#.</summary>
internal sealed partial class Descriptions
{
    private readonly Dictionary<string, XElement> _summaries;

    private Descriptions(XDocument documentation) => _summaries = documentation.Descendants("member")
        .Where(member => member.Element("summary") is not null)
        .ToDictionary(member => member.Attribute("name")!.Value, member => member.Element("summary")!, StringComparer.Ordinal);

    /// <summary>Reads the documentation file that the compiler puts beside the assembly.</summary>
    public static Descriptions OfThisAssembly() => new(XDocument.Load(Path.ChangeExtension(typeof(Descriptions).Assembly.Location, ".xml")));

    /// <summary>What a field means: its own summary or else its type's; of an enum, also what each value means.</summary>
    /// <exception cref="InvalidOperationException">Neither has a summary.</exception>
    public string Of(PropertyInfo property)
    {
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        var text = Find($"P:{property.DeclaringType!.FullName!.Split('[')[0]}.{property.Name}") ?? Of(type)
            ?? throw new InvalidOperationException($"{property.DeclaringType.Name}.{property.Name} has no summary; write one for the author of a manifest.");
        return type.IsEnum ? string.Join('\n', Values(type).Prepend(text)) : text;
    }

    /// <summary>The summary of a type, or null.</summary>
    public string? Of(Type type) => Find($"T:{type.FullName}");

    /// <summary>The values of an enum that have a summary, as <c>- name: summary</c>.</summary>
    private IEnumerable<string> Values(Type type) =>
        from name in Enum.GetNames(type)
        let meaning = Find($"F:{type.FullName}.{name}")
        where meaning is not null
        select $"- {name}: {meaning}";

    /// <summary>The summary of an enum's value.</summary>
    public string Of<T>(T value)
        where T : struct, Enum =>
        Find($"F:{typeof(T).FullName}.{value}") ?? throw new InvalidOperationException($"{typeof(T).Name}.{value} has no summary.");

    private string? Find(string member) => _summaries.TryGetValue(member, out var summary) ? Plain(summary) : null;

    private static string Plain(XElement element)
    {
        var text = new StringBuilder();
        foreach (var node in element.Nodes())
        {
            text.Append(node switch
            {
                XText words => words.Value,
                XElement reference when reference.Attribute("cref") is { } cref => Name(cref.Value),
                XElement other => other.Value,
                _ => "",
            });
        }

        return WhiteSpace.Replace(text.ToString(), " ").Trim();
    }

    // A field as manifests spell it, a value of an enum by its name, a catalogue by what is in it.
    private static string Name(string cref)
    {
        var member = cref[(cref.LastIndexOf('.') + 1)..];
        if (!cref.StartsWith("P:", StringComparison.Ordinal))
        {
            return member;
        }

        var property = typeof(Descriptions).Assembly.GetType(cref[2..cref.LastIndexOf('.')])?.GetProperty(member);
        return property?.GetMethod is not { IsStatic: true } ? JsonNamingPolicy.CamelCase.ConvertName(member)
            : string.Join(", ", property.GetValue(null) switch
            {
                IEnumerable<string> names => names,
                IEnumerable entries => entries.Cast<object>().Select(entry => (string)entry.GetType().GetProperty("Key")!.GetValue(entry)!),
                var value => [$"{value}"],
            });
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex WhiteSpace { get; }
}
