using System.CommandLine;
using Ppma.Api.Manifests;
using Ppma.Api.Validation;

namespace Ppma.Cli.Manifests;

/// <summary><c>ppma validate -f FILE|DIR</c>: offline, every problem at once, exit code 0 or 1.</summary>
internal static class ValidateCommand
{
    public static Command Create()
    {
        var file = new Option<string>("--file", "-f")
        {
            Description = "A manifest, or a folder of manifests that belong together.",
            HelpName = "FILE|DIR",
            Required = true,
        };
        var command = new Command("validate", "Check manifests, without a cluster and without the data.") { file };
        command.SetAction((parse, cancellationToken) => RunAsync(
            parse.GetRequiredValue(file), parse.InvocationConfiguration.Output, parse.InvocationConfiguration.Error, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(string path, TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        var set = await ManifestFiles.ReadAsync(path, cancellationToken);
        var problems = ManifestValidator.Validate(set);
        foreach (var problem in problems)
        {
            await error.WriteLineAsync(problem.ToString());
        }

        if (problems.Count > 0)
        {
            await error.WriteLineAsync($"{path}: {Count(problems.Count, "problem")}");
            return 1;
        }

        var kinds = set.Manifests
            .GroupBy(manifest => manifest.Resource.Kind)
            .Select(group => Count(group.Count(), group.Key));
        await output.WriteLineAsync($"{path}: valid ({string.Join(", ", kinds)})");
        return 0;
    }

    private static string Count(int count, string noun) => count == 1 ? $"1 {noun}" : $"{count} {noun}s";
}
