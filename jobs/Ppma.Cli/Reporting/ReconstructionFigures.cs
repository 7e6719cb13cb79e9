using System.Net;
using System.Text;

namespace Ppma.Cli.Reporting;

/// <summary>Pictures of what an autoencoder was shown and what it made of it: original | masked | mask | reconstruction.</summary>
internal static class ReconstructionFigures
{
    /// <summary>Shown of one stage; more would tell no more.</summary>
    private const int MostOfAStage = 4;

    /// <summary>Paths of the pictures that a stage's figures show: evenly spread over its training, the last one among them.</summary>
    public static IReadOnlyList<string> Shown(StageReport stage)
    {
        var all = stage.Reconstructions;
        int shown = Math.Min(MostOfAStage, all.Count);
        return [.. Enumerable.Range(1, shown).Select(i => all[i * all.Count / shown - 1])];
    }

    /// <param name="training">All stages; those without pictures are passed over.</param>
    /// <param name="images">PNG bytes of the shown pictures, by path.</param>
    /// <returns>A section; empty when there is no picture.</returns>
    public static string Render(IReadOnlyList<StageReport> training, IReadOnlyDictionary<string, byte[]> images)
    {
        var pictures = training.SelectMany(stage => Shown(stage).Select(path => (Stage: stage, Path: path))).ToList();
        if (pictures.Count == 0)
        {
            return "";
        }

        var html = new StringBuilder("<section>\n<h2>Reconstructions</h2>\n<div class=\"pictures\">\n");
        foreach (var (stage, path) in pictures)
        {
            string name = WebUtility.HtmlEncode($"{stage.Run} / {stage.Stage} · {Path.GetFileNameWithoutExtension(path)}");
            html.Append($"""
                <figure>
                <div class="columns" aria-hidden="true"><span>original</span><span>masked</span><span>mask</span><span>reconstruction</span></div>
                <img alt="{name}: original, masked, mask and reconstruction, side by side" src="data:image/png;base64,{Convert.ToBase64String(images[path])}">
                <figcaption>{name}</figcaption>
                </figure>

                """);
        }

        return html.Append("</div>\n</section>\n").ToString();
    }
}
