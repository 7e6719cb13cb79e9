using Ppma.Api.Tasks;

namespace Ppma.Api.Resolution;

/// <summary>A task as a worker gets it.</summary>
/// <param name="Name">The stage's name, or <c>evaluate</c>.</param>
/// <param name="Spec">The task.</param>
/// <param name="Json">The bytes of its file.</param>
/// <param name="TaskDigest">SHA-256 (hex) of <paramref name="Json"/>.</param>
public sealed record ResolvedTask(string Name, TaskSpec Spec, ReadOnlyMemory<byte> Json, string TaskDigest)
{
    internal static ResolvedTask Of(string name, TaskSpec spec)
    {
        var json = TaskJson.Serialize(spec);
        return new(name, spec, json, CanonicalJson.Digest(json));
    }
}
