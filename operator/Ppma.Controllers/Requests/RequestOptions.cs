using System.Reflection;

namespace Ppma.Controllers.Requests;

/// <summary>How this process behaves towards the API server.</summary>
public sealed record RequestOptions
{
    /// <summary>
    /// Who is asking: the field manager of every write and the first part of the user agent. Left alone, the program's name.
    /// </summary>
    public string Client { get; init; } = Assembly.GetEntryAssembly()?.GetName().Name ?? "controller";

    /// <summary>After how long a request that is neither a list nor a watch is given up. The server itself gives writes 34 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>After how long a page of a list is given up, which is when the server does too.</summary>
    public TimeSpan ListTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Requests a second on the long run. The server's own fairness is what protects it; this protects it from a defect here.</summary>
    public int QueriesPerSecond { get; init; } = 500;

    /// <summary>Requests that may be made at once after a rest.</summary>
    public int Burst { get; init; } = 1000;
}
