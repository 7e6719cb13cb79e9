using Ppma.Controllers.Caching;

namespace Ppma.Controllers.Hosting;

/// <summary>Whether what the controllers know can be trusted.</summary>
public sealed class RuntimeHealth
{
    private readonly IReadOnlyList<IReflector> _reflectors;

    internal RuntimeHealth(IEnumerable<IReflector> reflectors) => _reflectors = [.. reflectors];

    /// <summary>
    /// For each kind that was never listed, or whose watch has been silent for longer than a watch lasts: a sentence with the kind, the last error and what
    /// may help. Nothing when everything is known and fresh.
    /// </summary>
    public IReadOnlyList<string> Problems => _reflectors.Select(reflector => reflector.Problem).OfType<string>().ToList();

    /// <summary>Those of <see cref="Problems"/> that arose after a kind was listed: a watch that went silent and was not mended.</summary>
    public IReadOnlyList<string> Stale => _reflectors.Where(reflector => reflector.Synced.IsCompleted).Select(reflector => reflector.Problem).OfType<string>().ToList();
}
