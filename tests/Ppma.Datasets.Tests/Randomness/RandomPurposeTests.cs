using System.Globalization;
using Ppma.Datasets.Randomness;

namespace Ppma.Datasets.Tests.Randomness;

public class RandomPurposeTests
{
    [Fact]
    public void Purposes_InTheReference_AreThoseOfTheEnum()
    {
        var documented = File.ReadLines(ReferencePath())
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
            .Where(cells => cells.Length > 3 && int.TryParse(cells[1], CultureInfo.InvariantCulture, out _))
            .Select(cells => (Number: int.Parse(cells[1], CultureInfo.InvariantCulture), Name: cells[2]));

        Assert.Equal(Enum.GetValues<RandomPurpose>().Select(purpose => ((int)purpose, purpose.ToString())), documented);
    }

    private static string ReferencePath()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "PPMA.Cloud.sln")))
        {
            folder = Path.GetDirectoryName(folder)!;
        }

        return Path.Combine(folder, "docs", "reference", "randomness.md");
    }
}
