using System.Text.Json.Serialization;
using Ppma.Api.Runs;

namespace Ppma.Api.Tasks;

/// <summary>Where a task's initial weights come from.</summary>
public sealed record WeightsInput
{
    public required WeightsSource Source { get; init; }

    /// <summary><see cref="WeightsSource.Stage"/>: name of an earlier stage of the same run, whose last checkpoint is read.</summary>
    public string? Stage { get; init; }

    /// <summary><see cref="WeightsSource.Checkpoint"/>: a checkpoint folder, or a .safetensors or .pt file.</summary>
    public string? Uri { get; init; }

    /// <summary>SHA-256 (hex) of the weights file; required with <see cref="Uri"/>.</summary>
    public string? Digest { get; init; }

    /// <summary>Secret and key that open the store of <see cref="Uri"/>, as <see cref="DatasetInput.Credentials"/>.</summary>
    public string? Credentials { get; init; }

    /// <summary><see cref="WeightsSource.Ensemble"/>: how the members are joined.</summary>
    public EnsembleMethod? Method { get; init; }

    /// <summary>
    /// <see cref="WeightsSource.Ensemble"/>: at least two of <see cref="WeightsSource.Checkpoint"/>; or one, a published ensemble file with
    /// several models in it.
    /// </summary>
    public IReadOnlyList<WeightsInput>? Members { get; init; }

    /// <summary><see cref="EnsembleMethod.AdaptiveAverage"/>: one learned score for every tensor of a member, not one for the member.</summary>
    public bool ScorePerTensor { get; init; }

    /// <summary>Whether the members' shares are learned, so that these weights are no model yet.</summary>
    [JsonIgnore]
    public bool IsAdaptiveAverage => this is { Source: WeightsSource.Ensemble, Method: EnsembleMethod.AdaptiveAverage };

    /// <summary>Also take <c>trunk.norm</c>: true for weights of a classification stage, false for an MAE stage.</summary>
    public bool IncludeNorm { get; init; }
}
