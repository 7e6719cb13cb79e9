using System.Diagnostics;
using Ppma.Api.Tasks;
using Ppma.Cli.Reporting;

namespace Ppma.Cli.Tests.Reporting;

public sealed class ReportFilesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ppma-report-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task WriteAsync_OfASample_LeavesThreeFilesAndTheRecordReadsBack()
    {
        await WriteSampleAsync();

        Assert.Equal(
            ["report.html", "report.md", "results.json"],
            Directory.GetFiles(_folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        var read = TaskJson.Deserialize<BenchmarkReport>(await File.ReadAllBytesAsync(Path.Combine(_folder, "results.json"), TestContext.Current.CancellationToken));
        Assert.Equal(MarkdownReport.Render(SampleReport.Create()), MarkdownReport.Render(read));
    }

    [Fact]
    public async Task WriteAsync_WithoutItsPicture_WritesNothing()
    {
        await Assert.ThrowsAnyAsync<IOException>(
            () => ReportFiles.WriteAsync(SampleReport.Create(), _folder, TestContext.Current.CancellationToken));

        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Fact]
    public async Task Html_InABrowserAtDesktopAndPhoneWidth_FitsAndIsSilent()
    {
        await WriteSampleAsync();

        var start = new ProcessStartInfo(Path.Combine(RepositoryFolder.Path, "eng", "check-report.sh"), [Path.Combine(_folder, "report.html")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var check = Process.Start(start)!;
        var output = check.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = check.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await check.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.SkipWhen(check.ExitCode == 2, await errors);
        Assert.True(check.ExitCode == 0, await output + await errors);
    }

    private async Task WriteSampleAsync()
    {
        string picture = Path.Combine(_folder, SampleReport.Picture);
        Directory.CreateDirectory(Path.GetDirectoryName(picture)!);
        await File.WriteAllBytesAsync(picture, SampleReport.Png, TestContext.Current.CancellationToken);
        await ReportFiles.WriteAsync(SampleReport.Create(), _folder, TestContext.Current.CancellationToken);
    }
}
