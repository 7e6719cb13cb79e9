namespace Ppma.Testing.Kubernetes.Faults;

/// <summary>Which calls a fault hits: of those that match, so many are let through first, and then so many hit.</summary>
public sealed class ApiRule(ApiFault fault, Func<ApiCall, bool> matches, int skip = 0, int times = 1)
{
    private int _seen;

    public ApiFault Fault => fault;

    /// <summary>How many calls it has hit so far.</summary>
    public int Hits => Math.Clamp(Volatile.Read(ref _seen) - skip, 0, times);

    internal bool Takes(ApiCall call)
    {
        if (!matches(call))
        {
            return false;
        }

        int number = Interlocked.Increment(ref _seen);
        return number > skip && number - skip <= times;
    }
}
