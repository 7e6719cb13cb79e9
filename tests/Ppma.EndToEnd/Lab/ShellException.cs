namespace Ppma.EndToEnd.Lab;

/// <summary>A program that did not do what it was asked for.</summary>
public sealed class ShellException(string program, IEnumerable<string> arguments, int code, string output, string errors)
    : Exception($"{program} {string.Join(' ', arguments)}\nended with {code}: {errors.Trim()}\n{output.Trim()}".Trim())
{
    public int Code { get; } = code;

    public string Errors { get; } = errors;
}
