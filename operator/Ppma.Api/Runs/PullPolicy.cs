namespace Ppma.Api.Runs;

/// <summary>When a node pulls the worker image.</summary>
public enum PullPolicy
{
    Always,
    IfNotPresent,
    Never,
}
