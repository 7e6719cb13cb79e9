using Ppma.Api.Evaluation;
using Ppma.Api.Manifests;
using Ppma.Api.Pretraining;

namespace Ppma.Api.Resolution;

/// <summary>
/// Turns a run of a validated set into its tasks. Pure: the same manifests, facts and settings give the same bytes,
/// on a laptop and in the operator.
/// </summary>
public sealed class RunResolver(ManifestSet set, ResolutionSettings settings)
{
    /// <param name="run">A PretrainRun or EvalRun of the set.</param>
    /// <param name="facts">Facts about every data set that it reads and every run that it starts from.</param>
    /// <exception cref="ArgumentException">Neither a PretrainRun nor an EvalRun.</exception>
    public RunResolution Resolve(Manifest run, KnownFacts facts)
    {
        var context = new ResolutionContext(run, set, settings, facts);
        var resolved = run.Resource switch
        {
            PretrainRun pretrain => new PretrainResolver(context, pretrain).Resolve(),
            EvalRun eval => new EvalResolver(context, eval).Resolve(),
            _ => throw new ArgumentException($"{run.Resource.Kind} is not a run.", nameof(run)),
        };
        return new RunResolution(context.Problems.Count == 0 ? resolved : null, context.Problems, context.Warnings);
    }
}
