namespace Ppma.Controllers.Caching;

/// <summary>
/// Objects by values that a function finds in them. A value's objects are an array that is replaced as a whole, so that a reader may keep it.
/// Not thread-safe by itself.
/// </summary>
internal sealed class ResourceIndex<T>(Func<T, IEnumerable<string>> valuesOf)
    where T : class
{
    private Dictionary<string, T[]> _byValue = new(StringComparer.Ordinal);

    public IReadOnlyList<T> this[string value] => _byValue.TryGetValue(value, out var found) ? found : [];

    public void Replace(IEnumerable<T> resources)
    {
        var byValue = new Dictionary<string, List<T>>(StringComparer.Ordinal);
        foreach (var resource in resources)
        {
            foreach (var value in ValuesOf(resource))
            {
                if (!byValue.TryGetValue(value, out var list))
                {
                    byValue.Add(value, list = new List<T>(1));
                }

                list.Add(resource);
            }
        }

        _byValue = byValue.ToDictionary(pair => pair.Key, pair => pair.Value.ToArray(), StringComparer.Ordinal);
    }

    public void Change(T? before, T? after)
    {
        if (before is not null)
        {
            foreach (var value in ValuesOf(before))
            {
                Remove(value, before);
            }
        }

        if (after is not null)
        {
            foreach (var value in ValuesOf(after))
            {
                _byValue[value] = _byValue.TryGetValue(value, out var others) ? [.. others, after] : [after];
            }
        }
    }

    private void Remove(string value, T resource)
    {
        var rest = Array.FindAll(_byValue[value], other => !ReferenceEquals(other, resource));
        if (rest.Length == 0)
        {
            _byValue.Remove(value);
        }
        else
        {
            _byValue[value] = rest;
        }
    }

    private IEnumerable<string> ValuesOf(T resource) => valuesOf(resource).Distinct(StringComparer.Ordinal);
}
