using k8s.Models;
using Ppma.Api.Tasks;

namespace Ppma.Operator.Pods;

/// <summary>A Secret as files <c>&lt;secret&gt;/&lt;key&gt;</c>, of exactly the keys that a task names.</summary>
/// <param name="Name">Of the Secret.</param>
/// <param name="Volume">Named by position, since a Secret's name may be longer than a volume's.</param>
/// <param name="Mount">Below the folder of credentials.</param>
internal sealed record MountedSecret(string Name, V1Volume Volume, V1VolumeMount Mount)
{
    /// <summary>Readable for owner and group: the worker is no owner, it is of the group.</summary>
    private const int Mode = 0x120; // 0440

    /// <summary>Sorted by name.</summary>
    public static IReadOnlyList<MountedSecret> Of(TaskSpec task) =>
    [
        .. StoreUse.Of(task)
            .Select(use => use.Credentials)
            .OfType<string>()
            .Distinct(StringComparer.Ordinal)
            .Select(reference => reference.Split('/', 2))
            .GroupBy(parts => parts[0], parts => parts[^1], StringComparer.Ordinal)
            .OrderBy(secret => secret.Key, StringComparer.Ordinal)
            .Select((secret, i) => Of(secret.Key, [.. secret.Order(StringComparer.Ordinal)], $"secret-{i}")),
    ];

    private static MountedSecret Of(string secret, IReadOnlyList<string> keys, string volume) => new(
        secret,
        new()
        {
            Name = volume,
            Secret = new() { SecretName = secret, DefaultMode = Mode, Items = [.. keys.Select(key => new V1KeyToPath { Key = key, Path = key })] },
        },
        new() { Name = volume, MountPath = $"{WorkerEnvironment.CredentialsFolder}/{secret}", ReadOnlyProperty = true });
}
