namespace Ppma.Operator.Hosting;

/// <summary>The operator's process from its arguments to its exit code.</summary>
internal static class OperatorProcess
{
    public static async Task<int> RunAsync(string[] args)
    {
        await Console.Error.WriteLineAsync($"ppma-operator: it has no controllers yet ({args.Length} arguments ignored)");
        return 64;
    }
}
