namespace Ppma.Controllers.Events;

/// <summary>Who tells.</summary>
public sealed record EventRecorderOptions
{
    /// <summary>Who reports, as a qualified name of at most 63 characters: <c>example.com/controller</c>.</summary>
    public required string Controller { get; init; }

    /// <summary>Which of its processes: the pod's name, of which the server takes 128 characters. Left alone, the machine's.</summary>
    public string Instance { get; init; } = Environment.MachineName;
}
