namespace Ppma.Architecture.Tests;

internal static class Findings
{
    /// <summary>Fails with every finding in full, one a line; xUnit's own message would show the first five, cut short.</summary>
    public static void None(IEnumerable<string> findings)
    {
        string all = string.Join('\n', findings);
        Assert.True(all.Length == 0, all);
    }
}
