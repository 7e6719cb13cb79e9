using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Ppma.Api.Manifests;

/// <summary>YAML text to nodes, document by document.</summary>
internal sealed class ManifestParser
{
    private const int MaxDepth = 64;
    private const long MaxWeight = 100_000;

    private readonly Parser _parser;
    private readonly Dictionary<AnchorName, ManifestNode> _anchors = [];

    private ManifestParser(string text) => _parser = new Parser(new StringReader(text));

    /// <summary>
    /// The documents of a file; one that is empty is null. Bad syntax ends the list, since nothing after it can be trusted.
    /// </summary>
    /// <returns>The documents, and what is wrong with the one after the last of them, if anything.</returns>
    public static (IReadOnlyList<ManifestNode?> Documents, string? Problem) Parse(string text)
    {
        var documents = new List<ManifestNode?>();
        var parser = new ManifestParser(text);
        try
        {
            parser._parser.Consume<StreamStart>();
            while (!parser._parser.TryConsume<StreamEnd>(out _))
            {
                documents.Add(parser.Document());
            }

            return (documents, null);
        }
        catch (YamlException problem)
        {
            return (documents, $"not YAML at line {problem.Start.Line}, column {problem.Start.Column}: {problem.Message}");
        }
        catch (Exception problem) when (problem is InvalidOperationException or ArgumentException or FormatException)
        {
            // YamlDotNet's scanner throws these, too, on some broken texts.
            var line = parser._parser.Current?.End.Line ?? 1;
            return (documents, $"not YAML after line {line}: check brackets, quotes and indentation there");
        }
    }

    private ManifestNode? Document()
    {
        _anchors.Clear();
        var start = _parser.Consume<DocumentStart>();
        var root = Node(0);
        _parser.Consume<DocumentEnd>();
        if (root.Weight > MaxWeight)
        {
            throw new YamlException(start.Start, start.End, $"the document expands to more than {MaxWeight} values; write fewer aliases");
        }

        return root is ScalarNode { IsPlain: true, Value: "" } ? null : root;
    }

    private ManifestNode Node(int depth)
    {
        if (depth > MaxDepth)
        {
            var mark = _parser.Current!.Start;
            throw new YamlException(mark, mark, $"values are nested more than {MaxDepth} deep");
        }

        if (_parser.TryConsume<AnchorAlias>(out var alias))
        {
            return _anchors.TryGetValue(alias.Value, out var target)
                ? target
                : throw new YamlException(alias.Start, alias.End, $"alias *{alias.Value} has no anchor before it");
        }

        if (_parser.TryConsume<Scalar>(out var scalar))
        {
            return Remember(scalar.Anchor, new ScalarNode(scalar.Value, scalar.Style));
        }

        if (_parser.TryConsume<SequenceStart>(out var sequence))
        {
            var items = new List<ManifestNode>();
            while (!_parser.TryConsume<SequenceEnd>(out _))
            {
                items.Add(Node(depth + 1));
            }

            return Remember(sequence.Anchor, new SequenceNode(items));
        }

        var mapping = _parser.Consume<MappingStart>();
        var members = new List<KeyValuePair<string, ManifestNode>>();
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            var key = _parser.Consume<Scalar>();
            members.Add(new(key.Value, Node(depth + 1)));
        }

        return Remember(mapping.Anchor, new MappingNode(members));
    }

    private ManifestNode Remember(AnchorName anchor, ManifestNode node)
    {
        if (!anchor.IsEmpty)
        {
            _anchors[anchor] = node;
        }

        return node;
    }
}
