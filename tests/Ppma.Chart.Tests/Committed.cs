namespace Ppma.Chart.Tests;

/// <summary>Files of the repository that are made from the chart. <c>make chart-snapshots</c> writes them; otherwise they are compared.</summary>
internal static class Committed
{
    /// <param name="file">Relative to the repository.</param>
    /// <param name="rendered">What helm makes of the chart now.</param>
    /// <param name="header">First line of the file.</param>
    public static void Compare(string file, string rendered, string header)
    {
        string text = $"{header}\n{WithoutHelm(rendered)["---\n".Length..]}";
        if (Repository.IsRefreshed)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Repository.PathOf(file))!);
            File.WriteAllText(Repository.PathOf(file), text);
        }

        Assert.True(File.Exists(Repository.PathOf(file)), $"{file} is not there; run \"make chart-snapshots\" and look at what it writes.");
        string differences = ObjectSet.Parse(Repository.Read(file)).Differences(ObjectSet.Parse(text));
        Assert.True(differences.Length == 0, $"{file} is not what the chart renders; run \"make chart-snapshots\" and look at what changes:\n{differences}");
    }

    // Which release of helm rendered it, and from where, is nothing of the chart's.
    private static string WithoutHelm(string rendered) => string.Concat(rendered.Split('\n')
        .Where(line => !line.StartsWith("# Source: ", StringComparison.Ordinal) && !line.TrimStart().StartsWith("helm.sh/chart: ", StringComparison.Ordinal)
            && line.Trim() != "app.kubernetes.io/managed-by: Helm")
        .Select(line => line.TrimEnd())
        .Where(line => line.Length > 0)
        .Select(line => $"{line}\n"));
}
