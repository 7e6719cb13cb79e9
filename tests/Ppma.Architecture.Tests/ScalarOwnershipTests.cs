using System.Text.RegularExpressions;

namespace Ppma.Architecture.Tests;

/// <summary>
/// libtorch reads numbers from scalars, and a scalar that nobody holds can be collected before it has. The analyzer bans the conversions
/// that make such scalars (<c>eng/BannedSymbols.TorchSharp.txt</c>); that those made by hand have an owner is held here.
/// </summary>
public sealed partial class ScalarOwnershipTests
{
    [Fact]
    public void Scalar_MadeAnywhere_HasAnOwner()
    {
        var unowned = Repository.ProductCode
            .SelectMany(file => Repository.ReadLines(file).Select((line, i) => (Place: $"{file}:{i + 1}", Line: line)))
            .Where(entry => IsUnowned(entry.Line))
            .Select(entry => $"{entry.Place}: write 'using Scalar name = ...;' on one line: {entry.Line.Trim()}");

        Findings.None(unowned);
    }

    [Theory]
    [InlineData("return x.mul(2.0.ToScalar());", true)]
    [InlineData("Scalar two = 2.0.ToScalar();", true)]
    [InlineData("using Scalar two = 2.0.ToScalar(), three = 3.0.ToScalar();", false)]
    [InlineData("public static readonly Scalar One = 1.ToScalar();", false)]
    [InlineData("private static readonly Scalar[] Mean = [0.5f.ToScalar()];", false)]
    public void Line_WithAScalar_IsFoundWhereNobodyOwnsIt(string line, bool unowned) => Assert.Equal(unowned, IsUnowned(line));

    private static bool IsUnowned(string line) =>
        line.Contains(".ToScalar()", StringComparison.Ordinal) && !Owned().IsMatch(line);

    [GeneratedRegex(@"^\s*(using|(public|internal|private) static readonly) Scalar(\[\])? ")]
    private static partial Regex Owned();
}
