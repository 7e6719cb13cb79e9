namespace Ppma.Api.Runs;

/// <summary>How a toleration compares.</summary>
public enum TolerationOperator
{
    Equal,
    Exists,
}
