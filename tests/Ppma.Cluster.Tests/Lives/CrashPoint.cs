namespace Ppma.Cluster.Tests.Lives;

/// <summary>A moment in an operator's life: the so-manieth call of a kind (<c>create jobs</c>), before the server sees it or after it has committed it.</summary>
internal sealed record CrashPoint(string Kind, int Occurrence, bool AfterCommit)
{
    public override string ToString() => $"{(AfterCommit ? "after" : "before")} {Kind} #{Occurrence}";
}
