using System.Text;
using Ppma.Api.Tasks;

namespace Ppma.Cli.Reporting;

/// <summary>Writes a report's three files: <c>results.json</c>, <c>report.md</c> and <c>report.html</c>.</summary>
internal static class ReportFiles
{
    public const string Results = "results.json";
    public const string Markdown = "report.md";
    public const string Html = "report.html";

    /// <param name="report">What to write; its paths are relative to <paramref name="folder"/>.</param>
    /// <param name="folder">An existing folder; files of an earlier report in it are replaced.</param>
    /// <param name="cancellationToken">Stops between files.</param>
    /// <exception cref="IOException">The folder cannot be written, or a reconstruction cannot be read.</exception>
    public static async Task WriteAsync(BenchmarkReport report, string folder, CancellationToken cancellationToken)
    {
        var images = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (string image in report.Training.SelectMany(ReconstructionFigures.Shown).Distinct())
        {
            images.Add(image, await File.ReadAllBytesAsync(Path.Combine(folder, image), cancellationToken));
        }

        await ReplaceAsync(Path.Combine(folder, Results), TaskJson.Serialize(report), cancellationToken);
        await ReplaceAsync(Path.Combine(folder, Markdown), Encoding.UTF8.GetBytes(MarkdownReport.Render(report)), cancellationToken);
        await ReplaceAsync(Path.Combine(folder, Html), Encoding.UTF8.GetBytes(HtmlReport.Render(report, images)), cancellationToken);
    }

    /// <summary>Whole or not at all, so that a reader never sees half a report.</summary>
    private static async Task ReplaceAsync(string path, byte[] bytes, CancellationToken cancellationToken)
    {
        string partial = path + ".partial";
        await File.WriteAllBytesAsync(partial, bytes, cancellationToken);
        File.Move(partial, path, overwrite: true);
    }
}
