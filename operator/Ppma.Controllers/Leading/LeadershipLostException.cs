namespace Ppma.Controllers.Leading;

/// <summary>A write was about to be made by a process that may no longer be the leader. Nothing was sent.</summary>
public sealed class LeadershipLostException(string message) : Exception(message);
