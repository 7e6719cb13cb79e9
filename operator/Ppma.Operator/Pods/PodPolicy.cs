namespace Ppma.Operator.Pods;

/// <summary>What pods of a namespace may be. Set for the operator by who runs it, never by a run.</summary>
public enum PodPolicy
{
    /// <summary>The restricted profile of the Pod Security Standards, and nothing of the host.</summary>
    Restricted,

    /// <summary>
    /// Whatever the namespace's own admission lets in. Tokens, Secrets that the run does not name, reserved variables and the marks of
    /// ownership stay refused: they guard other people's things, not the node.
    /// </summary>
    Unrestricted,
}
