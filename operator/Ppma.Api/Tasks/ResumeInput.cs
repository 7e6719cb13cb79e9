namespace Ppma.Api.Tasks;

/// <summary>The checkpoints of another run, to be continued exactly.</summary>
public sealed record ResumeInput
{
    /// <summary>Folder of the other run's checkpoints of the same stage.</summary>
    public required string Uri { get; init; }

    /// <summary>Secret and key that open the store, as <see cref="DatasetInput.Credentials"/>.</summary>
    public string? Credentials { get; init; }
}
