using System.ComponentModel.DataAnnotations;
using Ppma.Api.Recipes;
using Ppma.Api.Runs;
using Ppma.Api.Schemas;
using Ppma.Api.Tasks;

namespace Ppma.Api.Evaluation;

/// <summary>
/// What is evaluated, on what, how. Once the run exists only suspend, cancel and ttlSecondsAfterFinished change; deadlines and restart budgets
/// may grow.
/// </summary>
[Rule("self.trainSplit != self.testSplit", "testSplit is also trainSplit; a model is never tested on what it was trained on")]
[Rule("!(has(self.epochs) && has(self.steps))", "epochs stands beside steps; keep one of them")]
[Rule("!has(self.checkpoint.best)", "checkpoint.best has no meaning for an EvalRun, which tests its last step; leave it out")]
[Rule("self.protocol == 'LinearProbe' || !has(self.trunk)", "trunk has no meaning for FineTune, which trains everything; leave it out")]
[Rule(
    "has(self.model) != (has(self.weights.fromRun) || (has(self.weights.fromEnsemble) && self.weights.fromEnsemble.members.exists(one, has(one.fromRun))))",
    "model stands beside weights.fromRun, whose run decides the architecture, or is missing where no run tells it; leave it out, or name a preset")]
public sealed record EvalRunSpec : RunSettings, IRecipeOverrides
{
    /// <summary>What is evaluated.</summary>
    [Required]
    public WeightsSpec? Weights { get; init; }

    /// <summary>The architecture; only with random or fromCheckpoint weights, since a run knows its own.</summary>
    public ModelSpec? Model { get; init; }

    /// <summary>The VideoDataset to train the head on and to test on.</summary>
    [Required]
    public ResourceReference? Dataset { get; init; }

    /// <summary>The split that trains.</summary>
    [Required, MaxLength(63)]
    public string TrainSplit { get; init; } = "train";

    /// <summary>The split that is reported.</summary>
    [Required, MaxLength(63)]
    public string TestSplit { get; init; } = "test";

    /// <summary>How it is evaluated.</summary>
    [Required]
    public Protocol? Protocol { get; init; }

    /// <summary>The recipe that the rest differs from; one of <see cref="RecipeCatalog.Evaluations"/>.</summary>
    [Required, MaxLength(63)]
    public string Preset { get; init; } = "";

    /// <summary>LinearProbe: whether the trunk is frozen (the default) or trained, as the published script does.</summary>
    public TrunkMode? Trunk { get; init; }

    /// <summary>Length in epochs.</summary>
    [Range(0.0001, 1_000_000)]
    public double? Epochs { get; init; }

    /// <summary>Length in steps, in place of epochs.</summary>
    [Range(1, int.MaxValue)]
    public int? Steps { get; init; }

    /// <summary>Clips a step.</summary>
    [Range(1, 1_000_000)]
    public int? BatchSize { get; init; }

    /// <summary>Bytes within which samples are shuffled; part of the order's definition.</summary>
    [Range(1, long.MaxValue)]
    public long? ShuffleBlockBytes { get; init; }

    /// <summary>Peak learning rates to choose from on held-out training clips; empty takes the preset's peak rate as it stands.</summary>
    [MaxLength(32), Items(Minimum = 1e-12, Maximum = 1000)]
    public IList<double>? RateCandidates { get; init; }

    /// <summary>Share of the training clips held out while choosing.</summary>
    [Range(0.01, 0.9)]
    public double? HoldoutShare { get; init; }

    /// <summary>LinearProbe: fixed views of each training clip whose features are kept; 0 draws a fresh view every time.</summary>
    [Range(0, 1024)]
    public int? TrainViews { get; init; }

    /// <summary>Test views in time.</summary>
    [Range(1, 100)]
    public int? TestClips { get; init; }

    /// <summary>Test views in space.</summary>
    [Range(1, 3)]
    public int? TestCrops { get; init; }

    /// <summary>How clips are cut, where it differs from the preset.</summary>
    public ClipOverrides? Clip { get; init; }

    /// <summary>Augmentation in training, where it differs from the preset.</summary>
    public AugmentationOverrides? Augmentation { get; init; }

    /// <summary>AdamW and its schedule, where they differ from the preset.</summary>
    public OptimizationOverrides? Optimization { get; init; }
}
