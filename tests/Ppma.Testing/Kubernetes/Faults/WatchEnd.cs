namespace Ppma.Testing.Kubernetes.Faults;

internal enum WatchEnd
{
    Cut,
    Close,
    Expire,
    Freeze,
}
