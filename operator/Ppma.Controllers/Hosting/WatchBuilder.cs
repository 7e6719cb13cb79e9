using k8s;
using k8s.Models;

namespace Ppma.Controllers.Hosting;

/// <summary>Which objects of a kind are kept in memory, and how much of them.</summary>
public sealed class WatchBuilder<T>
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    internal string? Labels { get; private set; }

    internal string? Fields { get; private set; }

    internal Action<T>? Trimming { get; private set; }

    internal Dictionary<string, Func<T, IEnumerable<string>>> Indexes { get; } = new(StringComparer.Ordinal);

    /// <summary>Only objects with these labels: <c>app.kubernetes.io/managed-by=name</c>.</summary>
    public WatchBuilder<T> LabelSelector(string selector)
    {
        Labels = selector;
        return this;
    }

    /// <summary>Only objects with these fields, where the server can select by them.</summary>
    public WatchBuilder<T> FieldSelector(string selector)
    {
        Fields = selector;
        return this;
    }

    /// <summary>Sets to null, in each object that comes, what nobody reads. Managed fields are gone already.</summary>
    public WatchBuilder<T> Trim(Action<T> trim)
    {
        Trimming = trim;
        return this;
    }

    /// <summary>Objects can be found by these values, through <see cref="Caching.IResourceCache{T}.Indexed"/>.</summary>
    public WatchBuilder<T> Index(string name, Func<T, IEnumerable<string>> valuesOf)
    {
        Indexes.Add(name, valuesOf);
        return this;
    }
}
