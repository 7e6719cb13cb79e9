using k8s.Models;
using Ppma.Api.Runs;

namespace Ppma.Operator.Runs;

/// <summary>How many CPUs a run asks for, which is how many threads it gets where it does not say.</summary>
internal static class CpuCount
{
    /// <returns>The whole CPUs of the limit, or else of the request, at least 1; null where there is neither, or no number.</returns>
    public static int? Of(ComputeSettings compute)
    {
        if (!compute.Limits.TryGetValue("cpu", out var quantity) && !compute.Requests.TryGetValue("cpu", out quantity))
        {
            return null;
        }

        try
        {
            return (int)Math.Clamp(Math.Floor(new ResourceQuantity(quantity).ToDecimal()), 1, 1024);
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
