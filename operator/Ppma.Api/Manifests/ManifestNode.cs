using YamlDotNet.Core;

namespace Ppma.Api.Manifests;

/// <summary>A YAML value with aliases resolved. YamlDotNet's own tree cannot hold repeated keys, which are to be reported.</summary>
internal abstract record ManifestNode
{
    /// <summary>Nodes below and including this one when aliases are written out.</summary>
    public abstract long Weight { get; }
}

internal sealed record ScalarNode(string Value, ScalarStyle Style) : ManifestNode
{
    public override long Weight => 1;

    /// <summary>Written without quotes, so that YAML gives it a type.</summary>
    public bool IsPlain => Style is ScalarStyle.Plain or ScalarStyle.Any;
}

internal sealed record SequenceNode(IReadOnlyList<ManifestNode> Items) : ManifestNode
{
    public override long Weight { get; } = 1 + Items.Sum(item => item.Weight);
}

internal sealed record MappingNode(IReadOnlyList<KeyValuePair<string, ManifestNode>> Members) : ManifestNode
{
    public override long Weight { get; } = 1 + Members.Sum(member => 1 + member.Value.Weight);

    public ManifestNode? this[string key] => Members.FirstOrDefault(member => member.Key == key).Value;
}
