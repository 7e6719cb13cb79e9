namespace Ppma.Api.Tasks;

/// <summary>Why a task ended without a result.</summary>
/// <param name="ExitCode">The process's exit code, one of <see cref="ExitCodes"/>.</param>
/// <param name="Reason">CamelCase name of the exit code (<see cref="ExitCodes.Reason"/>).</param>
/// <param name="Message">For people: the object, the field or file, the cause and the fix.</param>
public sealed record TaskError(int ExitCode, string Reason, string Message);
