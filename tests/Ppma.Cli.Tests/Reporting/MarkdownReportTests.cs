using Ppma.Cli.Reporting;

namespace Ppma.Cli.Tests.Reporting;

public sealed class MarkdownReportTests
{
    [Fact]
    public void Render_OfASample_IsThisTable()
    {
        string text = MarkdownReport.Render(SampleReport.Create());

        Assert.Contains(
            """
            ## Linear probe on actions

            | Recipe | Protocol | Top-1 | Δ random | Top-5 | n |
            |---|---|---:|---:|---:|---:|
            | PPMA | LP (frozen) | 50.0 ± 1.2 | +25.0 | 80.0 | 3 |
            | MAE only | LP (frozen) | 30.0 ± 1.2 | +5.0 | 60.0 | 3 |
            | MAE → synthetic | LP (frozen) | 60.0 ± 1.2 | +35.0 | 90.0 | 3 |
            | Random initialisation | LP (frozen) | 25.0 ± 1.2 | – | 55.0 | 3 |
            """,
            text,
            StringComparison.Ordinal);
        Assert.Contains("Masked autoencoding ends at losses of 0.900 to 0.921; predicting every patch's mean gives 1.000.", text, StringComparison.Ordinal);
        Assert.EndsWith("Repeat it: `ppma run -f examples/quickstart`\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Render_OfAnIncompleteRun_SaysWhatFailedBeforeAnyTable()
    {
        var report = SampleReport.Create() with { Problems = [new RunProblem("ppma", "mae", 65, "The index of 'context' changed; make the data again.")] };

        string text = MarkdownReport.Render(report);

        Assert.Contains("- **ppma/mae** (exit code 65): The index of 'context' changed; make the data again.", text, StringComparison.Ordinal);
        Assert.True(text.IndexOf("## Incomplete", StringComparison.Ordinal) < text.IndexOf("## Linear probe", StringComparison.Ordinal));
    }

    [Fact]
    public void Render_OfANameWithMarkup_KeepsTheTableWhole()
    {
        var report = SampleReport.Create() with { Rows = [SampleReport.Row("a|b <script>\nc", 0.5, 0.1, 0.5)] };

        Assert.Contains("| a\\|b &lt;script> c | LP (frozen) | 50.0", MarkdownReport.Render(report), StringComparison.Ordinal);
    }
}
