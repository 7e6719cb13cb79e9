using System.Text;
using System.Text.RegularExpressions;
using CsCheck;
using k8s;
using Ppma.Api.Conditions;
using Ppma.Api.Datasets;
using Ppma.Api.Evaluation;
using Ppma.Api.Runs;

namespace Ppma.Api.Tests.Runs;

public sealed class StatusLimitsTests
{
    public static TheoryData<StageState, char> Extremes => new MatrixTheoryData<StageState, char>(Enum.GetValues<StageState>(), ['x', 'ü']);

    [Theory]
    [MemberData(nameof(Extremes))]
    public void Fit_LargestStatus_FitsAndKeepsWhatOthersGoOnFrom(StageState state, char letter)
    {
        // Stages run one after the other: seven have ended when the eighth is in some state.
        var largest = LargestStatus.Of<RunStatus>('x');
        var status = largest with
        {
            Conditions = EveryCondition(new string(letter, 2 * StatusLimits.MessageLength)),
            Privacy = LargestStatus.Of<PrivacyStatus>(letter),
            Stages = [.. largest.Stages.Select((stage, i) => stage with { State = i < 7 ? StageState.Succeeded : state })],
        };

        var fitting = StatusLimits.Fit(status);

        Assert.InRange(Bytes(status), StatusLimits.MaxBytes + 1, int.MaxValue);
        Assert.InRange(Bytes(fitting), 1, StatusLimits.MaxBytes);
        Assert.Equal(status.Stages.Select(Essence), fitting.Stages.Select(Essence));
        Assert.Equal(status.Conditions.Select(condition => condition.Type), fitting.Conditions.Select(condition => condition.Type));
        Assert.Equal(status.Privacy.Inputs.Count + status.Privacy.OmittedInputs!.Value, fitting.Privacy!.Inputs.Count + fitting.Privacy.OmittedInputs!.Value);

        static object Essence(StageStatus stage) => (stage.Name, stage.State, stage.Attempt, stage.InputDigest, stage.TaskDigest, stage.Checkpoint, stage.Best);
    }

    [Fact]
    public void Fit_LargestEvalRunStatus_KeepsItsResult()
    {
        var largest = LargestStatus.Of<EvalRunStatus>('x');
        var status = largest with { Conditions = EveryCondition("x"), Stages = [.. largest.Stages.Take(1)] };

        var fitting = StatusLimits.Fit(status);

        Assert.InRange(Bytes(fitting), 1, StatusLimits.MaxBytes);
        Assert.Equal(status.Result, fitting.Result);
    }

    [Fact]
    public void LargestVideoDatasetStatus_AsItIs_Fits() => Assert.InRange(Bytes(LargestStatus.Of<VideoDatasetStatus>('x')), 1, StatusLimits.MaxBytes);

    [Fact]
    public void Fit_StatusThatFits_StaysAsItIs()
    {
        var status = new RunStatus
        {
            ObservedGeneration = 1,
            Stages = [new StageStatus { Name = "mae", Kept = [new CheckpointStatus { Path = "mae/checkpoints/step-5", Step = 5 }] }],
            Privacy = new PrivacyStatus { Inputs = [new PrivacyInput { Kind = "VideoDataset", Name = "synapt" }] },
        };

        Assert.Equal(KubernetesJson.Serialize(status), KubernetesJson.Serialize(StatusLimits.Fit(status)));
    }

    [Fact]
    public void Fit_RefusedInputAmongMany_ComesFirst()
    {
        var passed = Enumerable.Range(0, 100).Select(i => new PrivacyInput { Kind = "VideoDataset", Name = $"set-{i}" });
        var status = new RunStatus { Privacy = new PrivacyStatus { Inputs = [.. passed, new PrivacyInput { Name = "people", Reason = "It shows people." }] } };

        var privacy = StatusLimits.Fit(status).Privacy!;

        Assert.Equal("people", privacy.Inputs[0].Name);
        Assert.Equal(101, privacy.Inputs.Count + privacy.OmittedInputs);
    }

    [Fact]
    public void Cut_AnyText_IsTheTextOrItsFrontAndWholeCharacters() => Gen.String[0, 40].Select(Gen.Int[2, 20]).Sample((text, length) =>
    {
        text = string.Concat(text.EnumerateRunes().Where(rune => rune != Rune.ReplacementChar).Select(rune => $"{rune}😀"));

        var cut = StatusLimits.Cut(text, length);

        return cut == text || (cut.Length <= length && cut.EndsWith('…') && text.StartsWith(cut[..^1], StringComparison.Ordinal) && !char.IsHighSurrogate(cut[^2]));
    });

    private static IList<Condition> EveryCondition(string message)
    {
        var reason = Enum.GetValues<Reason>().MaxBy(reason => reason.ToString().Length);
        return Enum.GetValues<ConditionType>().Aggregate(
            (IList<Condition>)[],
            (list, type) => list.With(type, ConditionStatus.True, reason, message, long.MaxValue, DateTimeOffset.UnixEpoch));
    }

    private static int Bytes<T>(T status) =>
        Encoding.UTF8.GetByteCount(Regex.Replace(KubernetesJson.Serialize(status), @"\\u([0-9a-fA-F]{4})", code => $"{(char)Convert.ToInt32(code.Groups[1].Value, 16)}"));
}
