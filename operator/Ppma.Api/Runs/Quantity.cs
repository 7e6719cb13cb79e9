namespace Ppma.Api.Runs;

/// <summary>Kubernetes quantities.</summary>
public static class Quantity
{
    /// <summary>A number with an optional suffix: <c>500m</c>, <c>16Gi</c>, <c>1e3</c>.</summary>
    public const string Pattern = "^[0-9]+(\\.[0-9]+)?([eE][0-9]+|m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)?$";
}
