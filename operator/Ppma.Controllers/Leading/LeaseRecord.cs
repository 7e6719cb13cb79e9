using k8s.Models;

namespace Ppma.Controllers.Leading;

/// <summary>What is written into a Lease, as pure functions. Times of the wall clock are for people: nobody compares them.</summary>
internal static class LeaseRecord
{
    public static bool IsHeldBy(this V1Lease lease, string identity) => lease.Spec?.HolderIdentity == identity;

    public static bool IsFree(this V1Lease lease) => string.IsNullOrEmpty(lease.Spec?.HolderIdentity);

    /// <summary>A Lease that nobody had before.</summary>
    public static V1Lease First(LeaseOptions options, string identity, DateTimeOffset now) => new()
    {
        ApiVersion = "coordination.k8s.io/v1",
        Kind = "Lease",
        Metadata = new V1ObjectMeta { NamespaceProperty = options.Namespace, Name = options.Name },
        Spec = new V1LeaseSpec
        {
            HolderIdentity = identity,
            LeaseDurationSeconds = (int)options.LeaseDuration.TotalSeconds,
            AcquireTime = now.UtcDateTime,
            RenewTime = now.UtcDateTime,
            LeaseTransitions = 0,
        },
    };

    /// <summary>The Lease in our hands: renewed when it is in them already, else taken over, which counts a transition.</summary>
    public static V1Lease Claimed(this V1Lease seen, LeaseOptions options, string identity, DateTimeOffset now) => seen.With(new V1LeaseSpec
    {
        HolderIdentity = identity,
        LeaseDurationSeconds = (int)options.LeaseDuration.TotalSeconds,
        AcquireTime = seen.IsHeldBy(identity) ? seen.Spec.AcquireTime : now.UtcDateTime,
        RenewTime = now.UtcDateTime,
        LeaseTransitions = (seen.Spec?.LeaseTransitions ?? 0) + (seen.IsHeldBy(identity) ? 0 : 1),
    });

    /// <summary>The Lease in nobody's hands. One second, because zero is no valid duration and older electors wait for it.</summary>
    public static V1Lease Released(this V1Lease held, DateTimeOffset now) => held.With(new V1LeaseSpec
    {
        HolderIdentity = "",
        LeaseDurationSeconds = 1,
        AcquireTime = held.Spec.AcquireTime,
        RenewTime = now.UtcDateTime,
        LeaseTransitions = held.Spec.LeaseTransitions,
    });

    private static V1Lease With(this V1Lease lease, V1LeaseSpec spec) => new()
    {
        ApiVersion = "coordination.k8s.io/v1",
        Kind = "Lease",
        Metadata = lease.Metadata,
        Spec = spec,
    };
}
