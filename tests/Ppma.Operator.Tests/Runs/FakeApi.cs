namespace Ppma.Operator.Tests.Runs;

/// <summary>An API server in memory: one history for all kinds, a log of every request, and a place to break it off.</summary>
internal sealed class FakeApi
{
    private long _version = 100;
    private int _calls;

    /// <summary>Every request in the order it was made, such as <c>POST Job demo/run-mae-1234ab-a1</c>.</summary>
    public List<string> Requests { get; } = [];

    /// <summary>Those that changed something.</summary>
    public List<string> Committed { get; } = [];

    /// <summary>The process is killed before (false) or after (true) the server commits this call, counted from 0; null never.</summary>
    public (int Call, bool Committed)? Kill { get; set; }

    public int Calls => _calls;

    public string NextVersion() => (++_version).ToString(System.Globalization.CultureInfo.InvariantCulture);

    public T Call<T>(string request, Func<T> commit)
    {
        var call = _calls++;
        if (Kill == (call, false))
        {
            throw new ProcessKilledException();
        }

        Requests.Add(request);
        var answer = commit();
        if (!request.StartsWith("GET", StringComparison.Ordinal) && !request.StartsWith("LIST", StringComparison.Ordinal) && !request.StartsWith("DRY", StringComparison.Ordinal))
        {
            Committed.Add(request);
        }

        return Kill == (call, true) ? throw new ProcessKilledException() : answer;
    }
}
