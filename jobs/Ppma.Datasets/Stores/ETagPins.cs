using System.Collections.Concurrent;

namespace Ppma.Datasets.Stores;

/// <summary>The version of each blob that a run reads: the one that was told, else the one first seen. Thread-safe.</summary>
internal sealed class ETagPins
{
    private readonly ConcurrentDictionary<string, string> _pins = new();

    /// <summary>The blob's version; null when none was told or seen yet.</summary>
    public string? Find(string name) => _pins.GetValueOrDefault(name);

    /// <summary>Sets the version that every later read must have.</summary>
    public void Pin(string name, string eTag) => _pins[name] = eTag;

    /// <summary>Pins the version seen, unless one is pinned already.</summary>
    /// <returns>The pinned version: the seen one, or another.</returns>
    public string Confirm(string name, string seen) => _pins.GetOrAdd(name, seen);
}
