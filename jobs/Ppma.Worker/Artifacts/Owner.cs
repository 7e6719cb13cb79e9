namespace Ppma.Worker.Artifacts;

/// <summary><c>owner.json</c>: who may write in a task's folder.</summary>
/// <param name="Uid">UID of the run.</param>
/// <param name="Attempt">Attempt of the task, from 1.</param>
/// <param name="Claim">Drawn anew by each process, so that two processes of one attempt are told apart.</param>
internal sealed record Owner(string Uid, int Attempt, string Claim);
