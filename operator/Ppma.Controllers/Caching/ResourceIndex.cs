namespace Ppma.Controllers.Caching;

/// <summary>
/// Objects by values that a function finds in them. A value's objects are an array that is replaced as a whole, so that a reader may keep it.
/// Not thread-safe by itself.
/// </summary>
/// <param name="valuesOf">A pure function.</param>
/// <param name="defect">Told of objects for which it fails; they are under no value.</param>
internal sealed class ResourceIndex<T>(Func<T, IEnumerable<string>> valuesOf, Action<T, Exception> defect)
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
        string[] left = before is null ? [] : ValuesOf(before);
        string[] entered = after is null ? [] : ValuesOf(after);
        foreach (var value in left.Except(entered, StringComparer.Ordinal))
        {
            Remove(value, before!);
        }

        foreach (var value in entered)
        {
            Put(value, left.Contains(value, StringComparer.Ordinal) ? before : null, after!);
        }
    }

    private void Put(string value, T? before, T after)
    {
        if (!_byValue.TryGetValue(value, out var present))
        {
            _byValue.Add(value, [after]);
            return;
        }

        T[] changed = before is null ? [.. present, after] : [.. present];
        if (before is not null)
        {
            changed[Array.FindIndex(present, one => ReferenceEquals(one, before))] = after;
        }

        _byValue[value] = changed;
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

    private string[] ValuesOf(T resource)
    {
        try
        {
            return [.. valuesOf(resource).Distinct(StringComparer.Ordinal)];
        }
        catch (Exception exception) // One odd object must not keep all others from being known.
        {
            defect(resource, exception);
            return [];
        }
    }
}
