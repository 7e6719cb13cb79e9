namespace Ppma.Api.Conditions.Troubleshooting;

/// <summary>What becomes of a resource that shows a reason when nobody does anything.</summary>
internal enum Outlook
{
    /// <summary>Nothing is wrong.</summary>
    Fine,

    /// <summary>Waits, and goes on by itself once what it waits for is there.</summary>
    Passes,

    /// <summary>Waits for a person. Nothing is lost, and it goes on by itself within two minutes of being mended.</summary>
    NeedsPerson,

    /// <summary>Waits for a person, who has to make another run: this one can never go on.</summary>
    NeedsAnotherRun,

    /// <summary>Goes on by itself once it can; after <c>spec.deadlines.startupSeconds</c> the attempt is given up and another is made.</summary>
    UntilDeadline,

    /// <summary>The run goes on meanwhile.</summary>
    GoesOn,

    /// <summary>Tried again by itself, for ever, from seconds up to an hour apart.</summary>
    TriedForEver,

    /// <summary>Another attempt goes on from the last checkpoint; <c>spec.restart.application</c> pays.</summary>
    ApplicationPays,

    /// <summary>Another attempt goes on from the last checkpoint; <c>spec.restart.infrastructure</c> pays.</summary>
    InfrastructurePays,

    /// <summary>
    /// Another attempt goes on from the last checkpoint; <c>spec.restart.application</c> pays where the worker had started, else
    /// <c>spec.restart.infrastructure</c>.
    /// </summary>
    EitherPays,

    /// <summary>Another attempt goes on from the last checkpoint; no budget pays.</summary>
    NobodyPays,

    /// <summary>Final: the run is over and never starts again. Results, checkpoints and record stay.</summary>
    Over,
}
