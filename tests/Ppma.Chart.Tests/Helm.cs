namespace Ppma.Chart.Tests;

/// <summary>The chart through helm, as release <c>ppma</c> in <c>ppma-system</c>. Where there is no helm the test is skipped.</summary>
internal static class Helm
{
    private static readonly string Program = Environment.GetEnvironmentVariable("HELM") is { Length: > 0 } path ? path : "helm";

    /// <summary>What helm says to the arguments, whatever its exit code.</summary>
    public static async Task<(int Code, string Output, string Errors)> TryAsync(params string[] arguments)
    {
        if (!await Tool.AnswersAsync(Program, "version", "--short"))
        {
            Assert.Skip(Environment.GetEnvironmentVariable("PPMA_TEST_HELM_MISSING") is { Length: > 0 } reason
                ? $"no helm: {reason}"
                : "no helm: put it on the PATH or its path into HELM; eng/helm.sh gets it");
        }

        return await Tool.RunAsync(Program, arguments);
    }

    /// <summary>All objects of the chart, or those of some of its templates.</summary>
    /// <param name="values">Files of values, relative to the repository, and settings such as <c>replicas=3</c>.</param>
    /// <param name="templates">Names of templates; none for all.</param>
    public static async Task<string> RenderAsync(IEnumerable<string> values, params string[] templates)
    {
        var (code, output, errors) = await TryAsync([
            "template", "ppma", Repository.Chart, "--namespace", "ppma-system", "--kube-version", "1.34.0",
            .. values.SelectMany(Option), .. templates.SelectMany(template => (string[])["--show-only", $"templates/{template}.yaml"]),
        ]);
        Assert.True(code == 0, errors);
        return output;
    }

    private static string[] Option(string value) =>
        value.Contains('=', StringComparison.Ordinal) ? ["--set", value] : ["--values", Repository.PathOf(value)];
}
