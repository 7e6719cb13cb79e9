using System.Text.RegularExpressions;

namespace Ppma.Architecture.Tests;

/// <summary>
/// Between two looks at the losses the host never waits for the device: whatever does is banned from the code that a training step runs.
/// </summary>
public sealed partial class HostSynchronisationTests
{
    private static readonly string[] StepFolders =
    [
        "jobs/Ppma.Learning/Training/", "jobs/Ppma.Learning/Objectives/", "jobs/Ppma.Learning/Optimization/",
        "jobs/Ppma.Learning/Models/", "jobs/Ppma.Learning/Precision/", "jobs/Ppma.Learning/Interop/Fused",
    ];

    private static readonly Dictionary<string, string> MayWait = new()
    {
        ["jobs/Ppma.Learning/Training/UnreadSteps.cs"] = "the one place that reads losses",
        ["jobs/Ppma.Learning/Interop/FusedAttention.cs"] = "asks which kernel will run: the answer is on the host",
        ["jobs/Ppma.Learning/Models/SinePositions.cs"] = "makes a table with the model",
        ["jobs/Ppma.Learning/Models/TokenMask.cs"] = "makes masks from flags, before the step",
    };

    [Fact]
    public void CodeOfAStep_AnyLine_DoesNotWaitForTheDevice()
    {
        var waits = Repository.ProductCode
            .Where(file => StepFolders.Any(folder => file.StartsWith(folder, StringComparison.Ordinal)) && !MayWait.ContainsKey(file))
            .SelectMany(file => Repository.ReadLines(file).Select((line, i) => (Place: $"{file}:{i + 1}", Line: line)))
            .Where(entry => Waits(entry.Line))
            .Select(entry => $"{entry.Place}: waits for the device: {entry.Line.Trim()}");

        Findings.None(waits);
    }

    [Fact]
    public void FileThatMayWait_OfTheList_DoesSo()
    {
        // Else the list would go on to excuse what is not there any more.
        var idle = MayWait.Keys.Where(file => !Repository.ReadLines(file).Any(Waits));

        Findings.None(idle);
    }

    [Theory]
    [InlineData("if (loss.item<float>() > 1)")]
    [InlineData("float value = norm.ToSingle();")]
    [InlineData("var host = loss.cpu();")]
    [InlineData("var host = loss.to(CPU);")]
    [InlineData("var values = loss.data<float>().ToArray();")]
    [InlineData("var places = mask.nonzero();")]
    [InlineData("var mean = tensor(values, device: video.device);")]
    public void Line_ThatWaits_IsFound(string line) => Assert.True(Waits(line));

    [Theory]
    [InlineData("/// <summary>As tensor.item&lt;float&gt;(), without .cpu().</summary>")]
    [InlineData("long parameter = BitConverter.ToInt64(bytes);")]
    [InlineData("Tensor norm = optimizer.GradientNorm();")]
    public void Line_ThatDoesNot_IsNoFinding(string line) => Assert.False(Waits(line));

    private static bool Waits(string line) => !line.TrimStart().StartsWith("//", StringComparison.Ordinal) && Waiting().IsMatch(line);

    // Reads of values, copies to the host, results whose size depends on values, and copies from the host's pageable memory.
    [GeneratedRegex(
        @"\.(item|data|ToSingle|ToDouble|ToHalf|ToBoolean|cpu|bytes|nonzero|masked_select|unique|synchronize|tolist)\b\s*[<(\[]"
        + @"|(?<!BitConverter)\.ToInt(32|64)\(|\.to\((torch\.)?CPU\b|\btensor\(")]
    private static partial Regex Waiting();
}
