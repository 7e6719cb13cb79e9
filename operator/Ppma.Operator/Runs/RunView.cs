using k8s.Models;
using Ppma.Api;
using Ppma.Api.Evaluation;
using Ppma.Api.Pretraining;
using Ppma.Api.Runs;
using Ppma.Api.Tasks;
using Ppma.Controllers;

namespace Ppma.Operator.Runs;

/// <summary>What PretrainRun and EvalRun have in common: an EvalRun is a run of one stage.</summary>
/// <param name="Resource">The run.</param>
/// <param name="Settings">Its spec, without what it computes.</param>
/// <param name="Status">Its status; an empty one of the kind's own type before the first.</param>
/// <param name="Stages">Names of its stages, in order.</param>
internal sealed record RunView(IResource Resource, RunSettings Settings, RunStatus Status, IReadOnlyList<string> Stages)
{
    /// <summary>The one stage of an EvalRun.</summary>
    public const string EvaluateStage = "evaluate";

    public V1ObjectMeta Metadata => Resource.Metadata;

    public string Kind => Resource.Kind;

    public string Namespace => Metadata.NamespaceProperty ?? "";

    public string Name => Metadata.Name;

    public string Uid => Metadata.Uid;

    public ObjectKey Key => new(Namespace, Name);

    public RunIdentity Identity => new(Kind, Namespace, Name, Uid);

    public long Generation => Metadata.Generation ?? 0;

    /// <exception cref="ArgumentException">Neither a PretrainRun nor an EvalRun.</exception>
    public static RunView Of(IResource resource) => resource switch
    {
        PretrainRun run => new(run, run.Spec, run.Status ?? new RunStatus(), [.. run.Spec.Stages.Select(stage => stage.Name)]),
        EvalRun run => new(run, run.Spec, run.Status ?? new EvalRunStatus(), [EvaluateStage]),
        _ => throw new ArgumentException($"{resource.Kind} is not a run.", nameof(resource)),
    };

    /// <summary>The run as it was read, with another status.</summary>
    public static TRun With<TRun>(TRun run, RunStatus status)
        where TRun : class, IResource => run switch
        {
            PretrainRun pretrain => (TRun)(IResource)new PretrainRun { Metadata = pretrain.Metadata, Spec = pretrain.Spec, Status = status },
            EvalRun eval => (TRun)(IResource)new EvalRun { Metadata = eval.Metadata, Spec = eval.Spec, Status = (EvalRunStatus)status },
            _ => throw new ArgumentException($"{run.Kind} is not a run.", nameof(run)),
        };
}
