using CsCheck;
using Ppma.Api.Evaluation;
using Ppma.Api.Manifests;
using Ppma.Api.Pretraining;
using Ppma.Api.Validation;

namespace Ppma.Api.Tests.Manifests;

public sealed class ManifestReaderTests
{
    private static readonly string[] Quickstart =
        [.. Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Examples", "quickstart")).Order(StringComparer.Ordinal)];

    private static readonly string[] Damage =
        [":", "-", "{", "}", "[", "]", "\"", "'", "\n", "  ", "&", "*", "!", "|", "#", "%", "0", "~", "\t", "\0"];

    [Fact]
    public void Read_FieldsLeftOut_TakeTheirDefaults()
    {
        var run = ReadQuickstart().Find<PretrainRun>("default", "supervised")!.Resource as PretrainRun;

        Assert.Equal(RealHumans.Forbidden, run!.Spec.Privacy.RealHumans);
        Assert.Equal(604_800, run.Spec.TtlSecondsAfterFinished);
        Assert.Equal("train", run.Spec.Stages[0].Datasets[0].Split);
        Assert.Equal(1, run.Spec.Seed);
    }

    [Fact]
    public void Read_RandomWeights_AreGivenByAnEmptyMapping()
    {
        var run = ReadQuickstart().Find<EvalRun>("default", "probe-random-2")!.Resource as EvalRun;

        Assert.NotNull(run!.Spec.Weights?.Random);
        Assert.Equal("random", run.Metadata.Labels[ApiGroup.RowLabel]);
    }

    [Fact]
    public void Read_OfWhatWriteWrote_GivesTheSameText()
    {
        var text = ManifestWriter.Write(ReadQuickstart().Manifests.Select(manifest => manifest.Resource));

        var again = ManifestReader.Read([("again.yaml", text)]);

        Assert.Empty(again.Problems);
        Assert.Equal(text, ManifestWriter.Write(again.Manifests.Select(manifest => manifest.Resource)));
    }

    [Fact]
    public void Read_AliasesThatExpandWithoutEnd_IsOneProblem()
    {
        var text = "a: &a [x, x, x, x, x, x, x, x, x, x]\n"
            + string.Concat(Enumerable.Range(1, 9).Select(i => $"{(char)('a' + i)}: &{(char)('a' + i)} [{string.Join(", ", Enumerable.Repeat($"*{(char)('a' + i - 1)}", 10))}]\n"));

        Assert.Contains("fewer aliases", Assert.Single(ManifestReader.Read([("x", text)]).Problems).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_NestedTooDeep_IsOneProblem() =>
        Assert.Contains("nested", Assert.Single(ManifestReader.Read([("x", new string('[', 10_000))]).Problems).Message, StringComparison.Ordinal);

    /// <summary>Whatever a slip of the finger makes of a manifest, it is a message, never an exception.</summary>
    [Fact]
    public void Validate_AnyDamagedManifest_DoesNotThrow()
    {
        var text = File.ReadAllText(Quickstart.Single(file => file.EndsWith("pretraining.yaml", StringComparison.Ordinal)));
        var edit = Gen.Select(Gen.Int[0, text.Length - 1], Gen.Int[0, 12], Gen.Int[0, Damage.Length - 1].Select(i => Damage[i]));

        edit.Array[1, 4].Sample(
            edits =>
            {
                var damaged = text;
                foreach (var (at, length, insert) in edits)
                {
                    var from = Math.Min(at, damaged.Length);
                    damaged = damaged.Remove(from, Math.Min(length, damaged.Length - from)).Insert(from, insert);
                }

                ManifestValidator.Validate(ManifestReader.Read([("damaged.yaml", damaged)]));
            },
            iter: 300,
            threads: 1);
    }

    private static ManifestSet ReadQuickstart() => ManifestReader.Read(Quickstart.Select(file => (file, File.ReadAllText(file))));
}
