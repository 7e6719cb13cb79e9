using System.CommandLine;

namespace Ppma.Cli.Datasets;

/// <summary><c>ppma dataset …</c>: make, list, verify and read data sets.</summary>
internal static class DatasetCommand
{
    public static Command Create() => new("dataset", "Make, list, verify and read data sets.")
    {
        SynthCommand.Create(),
        PackCommand.Create(),
        IndexCommand.Create(),
        ListCommand.Create(),
        VerifyCommand.Create(),
        CatCommand.Create(() => Console.IsOutputRedirected ? Console.OpenStandardOutput() : null),
    };
}
